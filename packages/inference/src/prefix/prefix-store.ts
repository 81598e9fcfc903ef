import { existsSync } from 'node:fs';
import { open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@lucie/ledger';
import { modelHash } from './model-hash.ts';
import { hashState, type PrefixHead, prefixFile, readHead, readState, tokensHash } from './prefix-file.ts';

/** A prefix on disk. */
export interface StoredPrefix {
  path: string;
  head: PrefixHead;
}

const ENDING = '.state';
/** A file that a killed process left half written is old by then. */
const ABANDONED_MS = 3_600_000;

/**
 * Warmed prefixes of one model on disk, `<dir>/<SHA-256 of the model>/<SHA-256 of the tokens>.state`: what a restart
 * would read again for seconds is back in milliseconds. Nothing is believed: the name must be the hash of the tokens,
 * the state must have the hash that its head says, and another engine's files are left alone.
 */
export class PrefixStore {
  #root: string;
  #modelPath: string;
  #engine: string;
  #quota: number;
  #dir: string | undefined;
  #known = new Map<string, StoredPrefix>();

  private constructor(opts: { dir: string; modelPath: string; engine: string; quotaBytes: number }) {
    this.#root = opts.dir;
    this.#modelPath = opts.modelPath;
    this.#engine = opts.engine;
    this.#quota = opts.quotaBytes;
  }

  /**
   * Reads the heads of what is there for this model.
   * @param opts.engine - what else decides whether a state fits: the library's version, the processor's family
   * @param opts.quotaBytes - bytes below `dir` at most, of all models; the least recently used go first
   */
  static async open(opts: {
    dir: string;
    modelPath: string;
    engine: string;
    quotaBytes: number;
  }): Promise<PrefixStore> {
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
    return this.#known.has(tokensHash(tokens));
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
    this.#dir ??= join(this.#root, await modelHash(this.#modelPath));
    return this.#dir;
  }

  async #readHeads(): Promise<void> {
    const dir = await this.#folder();
    if (!existsSync(dir)) return;
    for (const file of (await readdir(dir)).sort()) {
      if (!file.endsWith(ENDING)) continue;
      const path = join(dir, file);
      const handle = await open(path, 'r');
      try {
        const head = (await readHead(handle))?.head;
        const hash = file.slice(0, -ENDING.length);
        if (head?.engine === this.#engine && tokensHash(head.tokens) === hash)
          this.#known.set(hash, { path, head });
      } finally {
        await handle.close();
      }
    }
  }

  async #prune(keep: string): Promise<void> {
    const files: { path: string; bytes: number; used: number }[] = [];
    for (const model of (await readdir(this.#root)).sort()) {
      for (const file of (await readdir(join(this.#root, model))).sort()) {
        const path = join(this.#root, model, file);
        const found = await stat(path).catch(() => undefined);
        if (!found?.isFile()) continue;
        if (file.endsWith(ENDING)) files.push({ path, bytes: found.size, used: found.mtimeMs });
        else if (file.endsWith('.tmp') && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(path);
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
