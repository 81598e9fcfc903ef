import { existsSync, statSync } from 'node:fs';
import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeJson } from '@lucie/ledger';
import { z } from 'zod';
import type { HubFile } from '../hub-file.ts';

/** A run of bytes that one connection fetches from its beginning. */
export interface Part {
  readonly start: number;
  readonly end: number;
  /** Bytes from `start` on that are on disk. */
  done: number;
}

const mapShape = z.object({
  /** Which file this is the beginning of. */
  size: z.int(),
  hash: z.string(),
  partBytes: z.int().positive(),
  /** Bytes of each part that are on disk. */
  done: z.array(z.int().min(0)),
});

/**
 * A file that grows in parts, at `path`, with a map of what is there at `path.json`. The map never says more than what has
 * been synced to disk: after a kill or a power cut it holds at least every part that was complete.
 */
export class PartFile implements AsyncDisposable {
  readonly path: string;
  parts: Part[] = [];
  /** True when the bytes came under several names of a version: of mirrors that name the same one so, or of several files. */
  mixed = false;
  #etag: string | undefined;
  /** True when a part of the bytes comes from an earlier call. */
  readonly resumed: boolean;
  #file: HubFile;
  #partBytes: number;
  #handle: FileHandle;
  #saving: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  private constructor(
    path: string,
    file: HubFile,
    opened: { handle: FileHandle; map: Map | undefined; partBytes: number },
  ) {
    this.path = path;
    this.#file = file;
    this.#handle = opened.handle;
    this.#partBytes = opened.map?.partBytes ?? opened.partBytes;
    this.parts = this.#cut(opened.map?.done ?? []);
    this.resumed = this.bytes > 0;
  }

  /** Goes on with what lies at `path`, or begins anew where that is nothing or of another file. */
  static async open(path: string, file: HubFile, opts: { partBytes: number }): Promise<PartFile> {
    const map = await readMap(path, file);
    const handle = await open(path, map ? 'r+' : 'w');
    return new PartFile(path, file, { handle, map, partBytes: opts.partBytes });
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.parts.reduce((sum, { done }) => sum + done, 0);
  }

  /** Notes the version that a server names. */
  sent(etag: string | undefined): void {
    this.mixed ||= etag !== undefined && this.#etag !== undefined && etag !== this.#etag;
    this.#etag ??= etag;
  }

  /** Writes the next bytes of a part. */
  async write(part: Part, chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const { bytesWritten } = await this.#handle.write(chunk, at, chunk.length - at, part.start + part.done);
      at += bytesWritten;
      part.done += bytesWritten;
    }
  }

  /** Makes what is there survive a kill and a power cut. */
  save(): Promise<void> {
    // One that has not begun yet will see what is there now.
    if (this.#queued) return this.#queued;
    const next = this.#saving.then(async () => {
      this.#queued = undefined;
      const map: Map = {
        size: this.#file.size,
        hash: hashOf(this.#file),
        partBytes: this.#partBytes,
        done: this.parts.map(({ done }) => done),
      };
      await this.#handle.datasync();
      await writeJson(mapPath(this.path), map);
    });
    this.#queued = next;
    this.#saving = next.catch(() => {});
    return next;
  }

  /** Forgets every byte. @param opts.whole - from now on one part, for servers without ranges */
  async reset(opts: { whole?: boolean } = {}): Promise<void> {
    await this.#saving;
    await rm(mapPath(this.path), { force: true });
    await this.#handle.truncate(0);
    if (opts.whole) this.#partBytes = Math.max(1, this.#file.size);
    this.parts = this.#cut([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#saving;
    await this.#handle.close();
  }

  #cut(done: readonly number[]): Part[] {
    return cutParts(this.#file.size, this.#partBytes).map((part, i) => ({ ...part, done: done[i] ?? 0 }));
  }
}

/** Takes away an unfinished file with its map, and with what a kill in the middle of writing the map has left. */
export async function removePartFile(path: string): Promise<void> {
  const dir = dirname(path);
  const names = existsSync(dir) ? await readdir(dir) : [];
  const aside = names.filter((name) => name.startsWith(`${basename(mapPath(path))}.`));
  for (const name of [basename(mapPath(path)), ...aside, basename(path)])
    await rm(join(dir, name), { force: true });
}

/** Bytes of an unfinished file that need not be fetched again. */
export async function bytesOfPartFile(path: string, file: HubFile): Promise<number> {
  const map = await readMap(path, file);
  return map ? map.done.reduce((sum, done) => sum + done, 0) : 0;
}

type Map = z.infer<typeof mapShape>;

function cutParts(size: number, partBytes: number): Part[] {
  const parts: Part[] = [];
  for (let start = 0; start < size; start += partBytes)
    parts.push({ start, end: Math.min(size, start + partBytes), done: 0 });
  return parts;
}

async function readMap(path: string, file: HubFile): Promise<Map | undefined> {
  let map: Map;
  try {
    map = mapShape.parse(JSON.parse(await readFile(mapPath(path), 'utf8')));
  } catch {
    return undefined;
  }
  if (map.size !== file.size || map.hash !== hashOf(file) || !existsSync(path)) return undefined;
  const parts = cutParts(map.size, map.partBytes);
  if (map.done.length !== parts.length) return undefined;
  const { size } = statSync(path);
  const fits = parts.every(({ start, end }, i) => {
    const done = map.done[i]!;
    return done <= end - start && (done === 0 || start + done <= size);
  });
  return fits ? map : undefined;
}

function hashOf(file: HubFile): string {
  return file.sha256 ?? file.oid ?? '';
}

function mapPath(path: string): string {
  return `${path}.json`;
}
