import type { Work } from '../scheduler/work.ts';
import type { PrefixStore, StoredPrefix } from './prefix-store.ts';
import type { PrefixTree } from './prefix-tree.ts';

/** Below this, reading tokens is quicker than fetching them. */
const WORTH_FETCHING = 64;

/** Fetches stored prefixes that waiting work begins with; the work is held back until it has come, or has not. */
export class PrefixFetcher {
  #store: PrefixStore;
  #tree: PrefixTree;
  #looked = new WeakSet<Work>();
  #waiting = new WeakMap<Work, StoredPrefix>();
  #pending = new Map<StoredPrefix, Promise<void>>();
  #arrived: { stored: StoredPrefix; state: Buffer }[] = [];

  constructor(store: PrefixStore, tree: PrefixTree) {
    this.#store = store;
    this.#tree = tree;
  }

  heldBack(work: Work): boolean {
    if (!this.#looked.has(work)) {
      const least = this.#tree.match(work.tokens, work.scope) + WORTH_FETCHING;
      const stored = work.reuse ? this.#store.find(work.tokens, least) : undefined;
      // While there is no room it is not fetched; the work waits for room as well, and comes by again.
      if (stored && stored.head.tokens.length > this.#tree.capacity - this.#tree.heldByWork()) return false;
      this.#looked.add(work);
      if (!stored) return false;
      this.#waiting.set(work, stored);
      if (!this.#pending.has(stored)) this.#pending.set(stored, this.#fetch(stored));
    }
    const stored = this.#waiting.get(work);
    return stored !== undefined && this.#pending.has(stored);
  }

  /** Settles when something has come or failed; undefined when nothing is on its way. */
  get next(): Promise<void> | undefined {
    return this.#pending.size > 0 ? Promise.race(this.#pending.values()) : undefined;
  }

  /** What has come, to be put into memory now. */
  take(): { stored: StoredPrefix; state: Buffer }[] {
    const arrived = this.#arrived;
    this.#arrived = [];
    return arrived;
  }

  async #fetch(stored: StoredPrefix): Promise<void> {
    const state = await this.#store.read(stored).catch(() => undefined);
    this.#pending.delete(stored);
    if (state) this.#arrived.push({ stored, state });
  }

  /** llama.cpp has not taken it. */
  refuse(stored: StoredPrefix): void {
    this.#store.forget(stored);
  }
}
