import type { Slice } from './slices.ts';

/**
 * Calls `found` with the documents of every key that two or more documents of a slice have, in the order of the keys'
 * first places. Documents that `skips` are left out. The list is used anew for the next key.
 */
export function groupKeys(
  slice: Slice,
  skips: (document: number) => boolean,
  found: (documents: number[]) => void,
): void {
  const { low, high, document } = slice;
  const count = document.length;
  let size = 16;
  while (size < 2 * count) size *= 2;
  const mask = size - 1;
  /** Place → first entry of its key; entry → next one of its key, and last one so far. */
  const table = new Int32Array(size).fill(-1);
  const next = new Int32Array(count).fill(-1);
  const last = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    if (skips(document[i]!)) continue;
    let place = low[i]! & mask;
    let first = table[place]!;
    while (first >= 0 && (low[first] !== low[i] || high[first] !== high[i])) {
      place = (place + 1) & mask;
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
  const documents: number[] = [];
  for (let i = 0; i < count; i++) {
    // `last` is set at first entries alone.
    if (last[i]! <= i) continue;
    documents.length = 0;
    for (let entry = i; entry >= 0; entry = next[entry]!) documents.push(document[entry]!);
    found(documents);
  }
}
