/**
 * Members that two sorted sets have in common, where that makes their Jaccard similarity |A ∩ B| / |A ∪ B| at least
 * `threshold`; else -1, as soon as so many members stand alone that it cannot be reached any more.
 */
export function commonFrom(threshold: number, a: Uint32Array, b: Uint32Array): number {
  const endA = a.length;
  const endB = b.length;
  // common ≥ t (|A| + |B| − common) for whole numbers, with the comparison below as the last word.
  const least = Math.floor((threshold * (endA + endB)) / (1 + threshold)) - 1;
  let alone = endA + endB - 2 * least;
  let i = 0;
  let j = 0;
  let common = 0;
  while (i < endA && j < endB) {
    const left = a[i]!;
    const right = b[j]!;
    if (left === right) {
      common++;
      i++;
      j++;
      continue;
    }
    if (--alone < 0) return -1;
    if (left < right) i++;
    else j++;
  }
  return common >= threshold * (endA + endB - common) ? common : -1;
}
