import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { rememberFileHash, syncDirectory } from '@lucie/ledger';
import type { HubFile } from '../hub-file.ts';
import type { HubRepo } from '../hub-repo.ts';
import { faultOfFile } from '../verify-file.ts';
import { type FillOptions, fillParts } from './fill-parts.ts';
import { otherFile } from './other-file.ts';
import { PartFile, removePartFile } from './part-file.ts';

/**
 * Large enough that a request's start costs nothing, small enough that little is lost when one is cut. Hubs count requests:
 * twice that for large files.
 */
function partBytesFor(size: number): number {
  return size > 1e9 ? 16 * 1024 * 1024 : 8 * 1024 * 1024;
}

/** How a file is brought. */
export interface DownloadOptions extends Omit<FillOptions, 'connections' | 'stallMs'> {
  /** Ranges that are fetched at the same time. Default 4. */
  connections?: number | undefined;
  /** Default 8 MiB, and 16 MiB for files above 1 GB. */
  partBytes?: number | undefined;
  /** A connection without a byte for so long is dropped. Default one minute. */
  stallMs?: number | undefined;
}

/**
 * Brings one file to `file.to`. It grows aside as `file.to.part`, over several connections; another call, also after a
 * kill or of another day, fetches only what is missing. Its name is given when size and hash are right.
 * @throws LucieError `HUB_FILE_DAMAGED`, and what the network throws
 */
export async function downloadHubFile(
  repo: HubRepo,
  file: HubFile & { to: string },
  opts: DownloadOptions,
): Promise<void> {
  const part = `${file.to}.part`;
  await mkdir(dirname(file.to), { recursive: true });
  const first = await bring(repo, file, { ...opts, part });
  // What was resumed, or came of several versions, may have been another file's beginning.
  const fault = first.fault && first.mixed ? (await bring(repo, file, { ...opts, part })).fault : first.fault;
  if (fault) throw otherFile(repo, { file, found: fault });
  await rename(part, file.to);
  await removePartFile(part);
  await syncDirectory(dirname(file.to));
  if (file.sha256 !== undefined) rememberFileHash(file.to, file.sha256);
}

/** @returns what is wrong with the file at `part`; then it is gone */
async function bring(
  repo: HubRepo,
  file: HubFile,
  opts: DownloadOptions & { part: string },
): Promise<{ fault: string | undefined; mixed: boolean }> {
  const { connections = 4, partBytes = partBytesFor(file.size), stallMs = 60_000 } = opts;
  let mixed: boolean;
  {
    await using into = await PartFile.open(opts.part, file, { partBytes });
    await fillParts(repo, file, { ...opts, connections, stallMs, into });
    mixed = into.resumed || into.mixed;
  }
  const fault = await faultOfFile(opts.part, file, { fresh: true });
  if (fault) await removePartFile(opts.part);
  return { fault, mixed };
}
