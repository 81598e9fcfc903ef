import type { Slice } from './slices.ts';

/**
 * Finds the keys that two or more documents of a slice have. One object serves all slices of a unit: slices are many
 * and small, and tables made anew for each would cost more than the search.
 */
export class KeyGroups {
  /** Place → first entry of its key, or -1. */
  #table = new Int32Array(64);
  /** Entry → the next one of its key, or -1. */
  #next = new Int32Array(32);
  /** First entry of a key → its last one; -1 for all other entries. */
  #last = new Int32Array(32);
  #documents: number[] = [];

  /**
   * Calls `found` with the documents of each such key, in the order of the keys' first entries. Documents that `skips`
   * are left out. The list is used anew for the next key.
   */
  find(slice: Slice, skips: (document: number) => boolean, found: (documents: number[]) => void): void {
    const { low, high, document, count } = slice;
    this.#reserve(count);
    const table = this.#table;
    const next = this.#next;
    const last = this.#last;
    let size = 64;
    while (size < 2 * count) size *= 2;
    table.fill(-1, 0, size);
    next.fill(-1, 0, count);
    last.fill(-1, 0, count);
    for (let i = 0; i < count; i++) {
      if (skips(document[i]!)) continue;
      let place = low[i]! & (size - 1);
      let first = table[place]!;
      while (first >= 0 && (low[first] !== low[i] || high[first] !== high[i])) {
        place = (place + 1) & (size - 1);
        first = table[place]!;
      }
      if (first < 0) {
        table[place] = i;
        last[i] = i;
      } else {
        next[last[first]!] = i;
        last[first] = i;
      }
    }
    for (let i = 0; i < count; i++) {
      if (last[i]! <= i) continue;
      this.#documents.length = 0;
      for (let entry = i; entry >= 0; entry = next[entry]!) this.#documents.push(document[entry]!);
      found(this.#documents);
    }
  }

  #reserve(count: number): void {
    if (count <= this.#next.length) return;
    let size = this.#table.length;
    while (size < 2 * count) size *= 2;
    this.#table = new Int32Array(size);
    this.#next = new Int32Array(size / 2);
    this.#last = new Int32Array(size / 2);
  }
}
