import { existsSync } from 'node:fs';
import { open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@lucie/ledger';
import { modelStamp } from '../gguf/model-files.ts';
import { modelHash } from './model-hash.ts';
import { hashState, type PrefixHead, prefixFile, readHead, readState, tokensHash } from './prefix-file.ts';

/** A prefix on disk. */
export interface StoredPrefix {
  path: string;
  head: PrefixHead;
}

export interface PrefixStoreOptions {
  dir: string;
  /** The file, and the stamp that it had before it was loaded: another one in its place is another model. */
  model: { path: string; stamp: string };
  /** What else decides whether a state fits: the library's version, the processor's family. */
  engine: string;
  /** Bytes below `dir` at most, of all models; the least recently used go first. */
  quotaBytes: number;
}

const ENDING = '.state';
const HASH = /^[0-9a-f]{64}$/;
/** A file that a killed process left half written is old by then. */
const ABANDONED_MS = 3_600_000;

/**
 * Warmed prefixes of one model on disk, `<dir>/<SHA-256 of the model>/<SHA-256 of the tokens>.state`: what a restart
 * would read again for seconds is back in milliseconds. Nothing is believed: the name must be the hash of the tokens,
 * the state must have the hash that its head says, and another engine's files are left alone.
 */
export class PrefixStore {
  #root: string;
  #model: { path: string; stamp: string };
  #engine: string;
  #quota: number;
  #dir: string | undefined;
  #known = new Map<string, StoredPrefix>();

  private constructor(opts: PrefixStoreOptions) {
    this.#root = opts.dir;
    this.#model = opts.model;
    this.#engine = opts.engine;
    this.#quota = opts.quotaBytes;
  }

  /** Reads the heads of what is there for this model. */
  static async open(opts: PrefixStoreOptions): Promise<PrefixStore> {
    const store = new PrefixStore(opts);
    try {
      // Hashing a model takes seconds: not for an empty folder.
      if (existsSync(opts.dir) && (await readdir(opts.dir)).length > 0) await store.#readHeads();
    } catch {
      // A folder that cannot be read costs time only: prefixes are read by the model again.
    }
    return store;
  }

  get size(): number {
    return this.#known.size;
  }

  has(tokens: readonly number[]): boolean {
    const stored = this.#known.get(tokensHash(tokens));
    if (!stored || existsSync(stored.path)) return stored !== undefined;
    this.forget(stored);
    return false;
  }

  /** The longest stored prefix of `tokens` that is at least `least` tokens long. */
  find(tokens: readonly number[], least: number): StoredPrefix | undefined {
    let best: StoredPrefix | undefined;
    for (const stored of this.#known.values()) {
      const { tokens: own } = stored.head;
      if (own.length < Math.max(least, (best?.head.tokens.length ?? 0) + 1) || own.length > tokens.length) {
        continue;
      }
      if (own.every((token, i) => token === tokens[i])) best = stored;
    }
    return best;
  }

  /** Its state, checked; undefined when the file cannot be used, which then is forgotten. */
  async read(stored: StoredPrefix): Promise<Buffer | undefined> {
    const state = await readState(stored.path, stored.head);
    if (state) await utimes(stored.path, new Date(), new Date()).catch(() => {});
    else this.forget(stored);
    return state;
  }

  /** Not to be found any more: the file stays until something better is written in its place. */
  forget(stored: StoredPrefix): void {
    this.#known.delete(tokensHash(stored.head.tokens));
  }

  /** Writes a prefix, then makes room for it. @throws the system's error when the disk does not take it */
  async write(tokens: readonly number[], state: Buffer<ArrayBuffer>, name: string): Promise<void> {
    const hash = tokensHash(tokens);
    const head = { tokens: [...tokens], engine: this.#engine, sha256: await hashState(state), name };
    const path = join(await this.#folder(), `${hash}${ENDING}`);
    await writeFileAtomic(path, prefixFile(head, state));
    this.#known.set(hash, { path, head });
    await this.#prune(path);
  }

  async #folder(): Promise<string> {
    if (this.#dir !== undefined) return this.#dir;
    const hash = await modelHash(this.#model.path);
    if (modelStamp(this.#model.path) !== this.#model.stamp) {
      throw new Error(`${this.#model.path} has been replaced since it was loaded`);
    }
    this.#dir = join(this.#root, hash);
    return this.#dir;
  }

  async #readHeads(): Promise<void> {
    const dir = await this.#folder();
    if (!existsSync(dir)) return;
    for (const file of (await readdir(dir)).sort()) {
      const path = join(dir, file);
      const head = file.endsWith(ENDING) ? await headOf(path) : undefined;
      const hash = file.slice(0, -ENDING.length);
      if (head?.engine === this.#engine && tokensHash(head.tokens) === hash)
        this.#known.set(hash, { path, head });
    }
  }

  async #prune(keep: string): Promise<void> {
    const files: { path: string; bytes: number; used: number }[] = [];
    // What has other names is somebody else's.
    for (const model of (await readdir(this.#root)).filter((name) => HASH.test(name)).sort()) {
      const folder = join(this.#root, model);
      for (const file of (await readdir(folder).catch(() => [])).sort()) {
        const path = join(folder, file);
        const found = await stat(path).catch(() => undefined);
        if (!found?.isFile() || !HASH.test(file.split('.', 1)[0]!)) continue;
        if (file.endsWith(ENDING)) files.push({ path, bytes: found.size, used: found.mtimeMs });
        else if (file.endsWith('.tmp') && Date.now() - found.mtimeMs > ABANDONED_MS)
          await rm(path, { force: true });
      }
    }
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files.sort((a, b) => a.used - b.used)) {
      if (bytes <= this.#quota) break;
      if (file.path === keep) continue;
      await rm(file.path, { force: true });
      bytes -= file.bytes;
      for (const stored of [...this.#known.values()]) if (stored.path === file.path) this.forget(stored);
    }
  }
}

/** The head of a stored prefix; undefined for whatever else has the name of one. */
async function headOf(path: string): Promise<PrefixHead | undefined> {
  try {
    await using handle = await open(path, 'r');
    return (await readHead(handle))?.head;
  } catch {
    return undefined;
  }
}
