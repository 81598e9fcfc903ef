import type { DatabaseSync } from 'node:sqlite';
import { embeddedText } from '../embed/embedded-text.ts';
import type { Embedder } from '../embedder.ts';
import type { Passage } from '../passage.ts';
import { searchDense } from '../search/dense.ts';
import { readPassagesById } from './read-passages.ts';
import type { Steps } from './steps.ts';
import { inTransaction } from './transaction.ts';
import { type Near, Vectors } from './vectors.ts';

/** Passages that are embedded and kept at a time. */
const BATCH = 16;

/** Search by meaning in a room: its vectors, and the embedder that makes them. */
export class Meaning {
  readonly embedder: Embedder;
  readonly #db: DatabaseSync;
  readonly #vectors: Vectors;

  /** @throws LucieError `VECTORS_UNAVAILABLE` */
  constructor(db: DatabaseSync, embedder: Embedder) {
    this.#db = db;
    this.embedder = embedder;
    this.#vectors = new Vectors(db);
  }

  /** Whether the room has vectors that this embedder's questions can be compared with. */
  get ready(): boolean {
    return this.#vectors.embedder === this.embedder.name && !this.#vectors.empty;
  }

  /** Vectors for passages that are about to be written; undefined where the room's are another embedder's. */
  async embed(
    passages: readonly Omit<Passage, 'document'>[],
    signal?: AbortSignal,
  ): Promise<Float32Array[] | undefined> {
    const of = this.#vectors.embedder;
    if (of !== undefined && of !== this.embedder.name) return undefined;
    return this.embedder.embedPassages(passages.map(embeddedText), signal);
  }

  /** Keeps what `embed` has made; belongs in the transaction that writes the passages. */
  *put(ids: readonly number[], vectors: readonly Float32Array[]): Steps<void> {
    const of = this.#vectors.embedder;
    // Another process may have chosen another embedder meanwhile: then these passages wait for `embedMissing`.
    if (of !== undefined && of !== this.embedder.name) return;
    this.#vectors.adopt(this.embedder);
    for (let at = 0; at < ids.length; at += BATCH) {
      const some = ids.slice(at, at + BATCH);
      this.#vectors.put(
        this.embedder,
        some.map((id, i) => ({ id, vector: vectors[at + i]! })),
      );
      yield;
    }
  }

  /**
   * Makes the vectors that are missing; those of another embedder go first. What was made stays when it is stopped.
   * @param opts.alone - runs what writes while nothing else does
   * @returns how many were made
   */
  async embedMissing(opts: {
    alone: (write: () => void) => Promise<void>;
    signal?: AbortSignal;
    progress?: (done: number, all: number) => void;
  }): Promise<number> {
    const ids = this.#vectors.missing(this.embedder);
    const write = (work: () => void) => opts.alone(() => inTransaction(this.#db, work));
    await write(() => this.#vectors.adopt(this.embedder));
    for (let at = 0; at < ids.length; at += BATCH) {
      opts.signal?.throwIfAborted();
      const passages = readPassagesById(this.#db, ids.slice(at, at + BATCH));
      const vectors = await this.embedder.embedPassages(passages.map(embeddedText), opts.signal);
      await write(() =>
        this.#vectors.put(
          this.embedder,
          passages.map(({ id }, i) => ({ id, vector: vectors[i]! })),
        ),
      );
      opts.progress?.(Math.min(ids.length, at + BATCH), ids.length);
    }
    return ids.length;
  }

  /** The passages nearest in meaning. @throws what the embedder throws */
  search(question: string, limit: number, signal?: AbortSignal): Promise<Near[]> {
    return searchDense(this.#vectors, this.embedder, question, { limit, signal });
  }
}
