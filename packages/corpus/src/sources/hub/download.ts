import { existsSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { downloadFile, fileDownloadInfo } from '@huggingface/hub';
import { isLucieError, LucieError, syncDirectory } from '@lucie/ledger';
import { type HubConnection, RangeIgnored } from './hub-connection.ts';
import { isTransient } from './hub-error.ts';
import type { HubFile } from './hub-files.ts';
import type { HubSource } from './options.ts';
import { faultOfFile } from './verify-file.ts';

/** Attempts in a row that bring no byte. */
const ATTEMPTS = 5;

export interface DownloadOptions {
  connection: HubConnection;
  signal: AbortSignal;
  /** Told the bytes of the file that are on disk. */
  onBytes(bytes: number): void;
  /** Before the first repeated attempt; doubled each time. */
  retryDelayMs: number;
}

/**
 * Brings one file to `path`. It grows aside as `path.part`, and an attempt goes on where the last one ended, also one
 * of another day; its name is given when size and hash are right.
 * @throws LucieError `HUB_FILE_DAMAGED`, and what the network throws
 */
export async function downloadHubFile(
  option: HubSource,
  file: HubFile & { to: string },
  opts: DownloadOptions,
): Promise<void> {
  const part = `${file.to}.part`;
  await mkdir(dirname(file.to), { recursive: true });
  const resumed = sizeOf(part) > 0;
  const complete = () =>
    completePart(option, { ...file, to: part }, opts).catch(async (error: unknown) => {
      // What comes of another file than the one listed is of no use.
      if (isLucieError(error)) await rm(part, { force: true });
      throw error;
    });
  await complete();
  let fault = await faultOfFile(part, file);
  if (fault && resumed) {
    // What lay there may have been another file's beginning.
    await rm(part, { force: true });
    await complete();
    fault = await faultOfFile(part, file);
  }
  if (fault) {
    await rm(part, { force: true });
    throw new LucieError({
      code: 'HUB_FILE_DAMAGED',
      found: `${file.path} of ${option.hub}, which ${fault}`,
      expected: 'the file that the hub lists for this commit',
      todo: 'call again; if it stays so, do not trust this server',
    });
  }
  await rename(part, file.to);
  await syncDirectory(dirname(file.to));
}

async function completePart(
  option: HubSource,
  file: HubFile & { to: string },
  opts: DownloadOptions,
): Promise<void> {
  if (sizeOf(file.to) > file.size) await rm(file.to);
  for (let failures = 0; sizeOf(file.to) < file.size || !existsSync(file.to); ) {
    const before = sizeOf(file.to);
    try {
      await appendRest(option, file, opts);
    } catch (error) {
      opts.signal.throwIfAborted();
      if (error instanceof RangeIgnored) await rm(file.to, { force: true });
      else if (!isTransient(error)) throw error;
      failures = sizeOf(file.to) > before ? 1 : failures + 1;
      if (failures >= ATTEMPTS) throw error;
      await setTimeout(opts.retryDelayMs * 2 ** (failures - 1), undefined, { signal: opts.signal });
    }
  }
}

/** Asks for what is missing behind the bytes on disk and writes it there. */
async function appendRest(
  option: HubSource,
  file: HubFile & { to: string },
  opts: DownloadOptions,
): Promise<void> {
  // The client wraps what goes wrong inside its stream into bare text: the error itself is kept here.
  let failure: unknown;
  const keep: typeof fetch = (input, init) =>
    opts.connection.fetch(input, init).catch((error: unknown) => {
      failure = error;
      throw error;
    });
  const from = sizeOf(file.to);
  const rest =
    file.size > from
      ? await openRest(option, file, { connection: { ...opts.connection, fetch: keep }, from })
      : [];
  const handle = await open(file.to, 'a');
  let done = from;
  try {
    for await (const chunk of rest) {
      opts.signal.throwIfAborted();
      if (done + chunk.length > file.size) throw otherFile(option, file);
      await handle.appendFile(chunk);
      done += chunk.length;
      opts.onBytes(done);
    }
  } catch (error) {
    throw failure ?? (error instanceof Error ? error : new Error(String(error)));
  } finally {
    await handle.sync();
    await handle.close();
  }
  if (done < file.size) throw new Error('the connection dropped');
}

async function openRest(
  option: HubSource,
  file: HubFile,
  opts: { connection: HubConnection; from: number },
): Promise<AsyncIterable<Uint8Array>> {
  const repo = { type: 'dataset', name: option.hub } as const;
  const asked = { repo, path: encodePath(file.path), revision: option.revision, ...opts.connection };
  const downloadInfo = await fileDownloadInfo(asked);
  if (!downloadInfo || downloadInfo.size !== file.size) throw otherFile(option, file);
  const blob = await downloadFile({ ...asked, downloadInfo, xet: false });
  if (!blob) throw otherFile(option, file);
  return blob.slice(opts.from, file.size).stream() as unknown as AsyncIterable<Uint8Array>;
}

function otherFile(option: HubSource, file: HubFile): LucieError {
  return new LucieError({
    code: 'HUB_FILE_DAMAGED',
    found: `another size of ${file.path} of ${option.hub} than the hub lists`,
    expected: `${file.size} bytes`,
    todo: 'call again; if it stays so, do not trust this server',
  });
}

/** The client puts a path into its address as it is. */
function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}
