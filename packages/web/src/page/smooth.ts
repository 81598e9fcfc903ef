/**
 * Mean over each value's neighbours, as many before as after, so that the smoothed curve does not lag behind; near the
 * ends the window shrinks.
 * @param radius - neighbours on each side
 */
export function smooth(values: readonly number[], radius: number): number[] {
  const sums = [0];
  for (const value of values) sums.push(sums.at(-1)! + value);
  return values.map((_, i) => {
    const reach = Math.min(radius, i, values.length - 1 - i);
    return (sums[i + reach + 1]! - sums[i - reach]!) / (2 * reach + 1);
  });
}

/** At most `count` indices from first to last, evenly spread. */
export function spread(length: number, count: number): number[] {
  if (length <= count) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - 1)) / (count - 1)));
}
