import { grown } from './word-table.ts';

/** Pairs by falling count; equal counts by rising left id, then rising right id. */
export class PairQueue {
  #lefts = new Int32Array(1 << 12);
  #rights = new Int32Array(1 << 12);
  #heapPairs = new Int32Array(1 << 12);
  #heapCounts = new Float64Array(1 << 12);
  #size = 0;

  /** Tells which ids the pair of a number is made of. */
  name(pair: number, left: number, right: number): void {
    if (pair >= this.#lefts.length) {
      this.#lefts = grown(this.#lefts, pair + 1);
      this.#rights = grown(this.#rights, pair + 1);
    }
    this.#lefts[pair] = left;
    this.#rights[pair] = right;
  }

  pair(pair: number): [left: number, right: number] {
    return [this.#lefts[pair]!, this.#rights[pair]!];
  }

  push(pair: number, count: number): void {
    if (this.#size === this.#heapPairs.length) {
      this.#heapPairs = grown(this.#heapPairs, this.#size + 1);
      this.#heapCounts = grown(this.#heapCounts, this.#size + 1);
    }
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(pair, count, parent)) break;
      this.#place(at, this.#heapPairs[parent]!, this.#heapCounts[parent]!);
      at = parent;
    }
    this.#place(at, pair, count);
  }

  pop(): [pair: number, count: number] | undefined {
    if (this.#size === 0) return undefined;
    const top: [number, number] = [this.#heapPairs[0]!, this.#heapCounts[0]!];
    this.#size--;
    const pair = this.#heapPairs[this.#size]!;
    const count = this.#heapCounts[this.#size]!;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= this.#size) break;
      if (
        child + 1 < this.#size &&
        this.#before(this.#heapPairs[child + 1]!, this.#heapCounts[child + 1]!, child)
      ) {
        child++;
      }
      if (this.#before(pair, count, child)) break;
      this.#place(at, this.#heapPairs[child]!, this.#heapCounts[child]!);
      at = child;
    }
    this.#place(at, pair, count);
    return top;
  }

  #place(at: number, pair: number, count: number): void {
    this.#heapPairs[at] = pair;
    this.#heapCounts[at] = count;
  }

  /** Whether (pair, count) comes before what stands at `at`. */
  #before(pair: number, count: number, at: number): boolean {
    if (count !== this.#heapCounts[at]) return count > this.#heapCounts[at]!;
    const other = this.#heapPairs[at]!;
    const left = this.#lefts[pair]!;
    if (left !== this.#lefts[other]) return left < this.#lefts[other]!;
    return this.#rights[pair]! < this.#rights[other]!;
  }
}
