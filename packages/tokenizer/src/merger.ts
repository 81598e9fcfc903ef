import { PairTable } from './pair-table.ts';
import { grown } from './word-table.ts';

const GONE = -1;
const RANK = 2 ** 32;

/** One learnt merge: two neighbouring ids become one. Its rank is its place in the list. */
export type Merge = readonly [left: number, right: number, result: number];

/**
 * Applies merges to a word: always the one of lowest rank, leftmost first, until none applies. A linked list and a
 * heap make it n log n, also for a "word" of a megabyte.
 */
export class Merger {
  #ranks: PairTable;
  #results: Int32Array;
  #ids: Int32Array = new Int32Array(0);
  #next = new Int32Array(0);
  #previous = new Int32Array(0);
  /** Binary heap of rank × 2³² + position: exact in a double up to 2²¹ merges. */
  #heap = new Float64Array(64);
  #heapSize = 0;

  constructor(merges: readonly Merge[]) {
    this.#ranks = new PairTable(merges.length);
    this.#results = new Int32Array(merges.length);
    for (const [rank, [left, right, result]] of merges.entries()) {
      this.#ranks.set(left, right, rank);
      this.#results[rank] = result;
    }
  }

  /** Merges `ids[0, length)` in place and returns the new length. */
  merge(ids: Int32Array, length: number): number {
    if (length < 2) return length;
    if (this.#next.length < length) {
      this.#next = grown(this.#next, length);
      this.#previous = grown(this.#previous, length);
    }
    this.#ids = ids;
    const next = this.#next;
    const previous = this.#previous;
    for (let at = 0; at < length; at++) {
      next[at] = at + 1;
      previous[at] = at - 1;
    }
    for (let at = 0; at < length - 1; at++) this.#offer(at, length);
    while (this.#heapSize > 0) {
      const key = this.#pop();
      const rank = Math.floor(key / RANK);
      const at = key - rank * RANK;
      if (ids[at] === GONE) continue;
      const right = next[at]!;
      if (right >= length || this.#ranks.get(ids[at]!, ids[right]!) !== rank) continue;
      ids[at] = this.#results[rank]!;
      ids[right] = GONE;
      const after = next[right]!;
      next[at] = after;
      if (after < length) previous[after] = at;
      if (previous[at]! >= 0) this.#offer(previous[at]!, length);
      this.#offer(at, length);
    }
    let written = 0;
    for (let at = 0; at < length; at = next[at]!) ids[written++] = ids[at]!;
    return written;
  }

  #offer(at: number, length: number): void {
    const right = this.#next[at]!;
    if (right >= length) return;
    const rank = this.#ranks.get(this.#ids[at]!, this.#ids[right]!);
    if (rank >= 0) this.#push(rank * RANK + at);
  }

  #push(key: number): void {
    if (this.#heapSize === this.#heap.length) this.#heap = grown(this.#heap, this.#heapSize + 1);
    const heap = this.#heap;
    let at = this.#heapSize++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= key) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = key;
  }

  #pop(): number {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap[--this.#heapSize]!;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= this.#heapSize) break;
      if (child + 1 < this.#heapSize && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
