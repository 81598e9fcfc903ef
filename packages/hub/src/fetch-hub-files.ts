import { join } from 'node:path';
import { type Progress, silent } from '@lucie/ledger';
import { type DownloadOptions, downloadHubFile } from './download/download-hub-file.ts';
import { bytesOfPartFile, removePartFile } from './download/part-file.ts';
import type { HubFile } from './hub-file.ts';
import type { HubRepo } from './hub-repo.ts';
import { faultOfFile } from './verify-file.ts';

/** A file that is not there, or damaged. */
export interface MissingFile {
  file: HubFile & { to: string };
  /** Bytes of it that an earlier call has brought. */
  present: number;
}

/** Those files that are not below `dir`, or not as the hub lists them. */
export async function missingHubFiles(
  files: readonly HubFile[],
  opts: { dir: string; signal: AbortSignal },
): Promise<MissingFile[]> {
  const missing: MissingFile[] = [];
  for (const file of files) {
    opts.signal.throwIfAborted();
    const to = join(opts.dir, file.path);
    if ((await faultOfFile(to, file)) === undefined) {
      // A kill between the last two steps leaves a map without its file.
      await removePartFile(`${to}.part`);
    } else missing.push({ file: { ...file, to }, present: await bytesOfPartFile(`${to}.part`, file) });
  }
  return missing;
}

/** Bytes that are still to come. */
export function bytesOf(missing: readonly MissingFile[]): number {
  return missing.reduce((sum, { file, present }) => sum + file.size - present, 0);
}

/**
 * Brings files into `dir`, under their own paths. What is there already is verified; what is damaged is fetched again; what
 * was begun goes on.
 * @returns the files' paths
 * @throws LucieError `HUB_FILE_DAMAGED`, and what the network and the disk throw
 */
export async function fetchHubFiles(
  repo: HubRepo,
  files: readonly HubFile[],
  opts: Omit<DownloadOptions, 'onBytes'> & { dir: string; progress?: Progress | undefined },
): Promise<string[]> {
  const missing = await missingHubFiles(files, opts);
  const shown = new Shown(opts.progress ?? silent, bytesOf(missing));
  shown.start(repo.name);
  let before = 0;
  for (const { file, present } of missing) {
    opts.signal.throwIfAborted();
    const onBytes = (bytes: number) => shown.update(before + Math.max(0, bytes - present), file.path);
    await downloadHubFile(repo, file, { ...opts, onBytes });
    before += file.size - present;
  }
  shown.end(`${files.length} ${files.length === 1 ? 'file' : 'files'}, hashes verified`);
  return files.map(({ path }) => join(opts.dir, path));
}

/** Seconds over which the rate is taken. */
const RATE_SECONDS = 5;

/** Bytes as people read them, with the rate of the last seconds. */
class Shown {
  #progress: Progress;
  #total: number;
  #unit: { name: string; bytes: number };
  #marks: { at: number; bytes: number }[] = [];

  constructor(progress: Progress, total: number) {
    this.#progress = progress;
    this.#total = total;
    this.#unit = total >= 10e6 ? { name: 'MB', bytes: 1e6 } : { name: 'kB', bytes: 1e3 };
  }

  start(label: string): void {
    this.#progress.start(label, Math.ceil(this.#total / this.#unit.bytes), this.#unit.name);
  }

  update(bytes: number, name: string): void {
    const now = performance.now() / 1000;
    const last = this.#marks.at(-1);
    if (!last || now - last.at >= 0.5) this.#marks.push({ at: now, bytes });
    while (this.#marks.length > 2 && now - this.#marks[0]!.at > RATE_SECONDS) this.#marks.shift();
    const first = this.#marks[0]!;
    const rate = now > first.at ? (bytes - first.bytes) / 1e6 / (now - first.at) : 0;
    const done = Math.min(Math.floor(bytes / this.#unit.bytes), Math.ceil(this.#total / this.#unit.bytes));
    this.#progress.update(done, `${rate.toFixed(1)} MB/s · ${name}`);
  }

  end(note: string): void {
    this.#progress.end(note);
  }
}
