/**
 * Share of the relevant things that are among the first `k`.
 * @param ranked - the best first, each once
 * @throws RangeError without anything relevant: there is nothing to find then, and no share of it
 */
export function recallAt(ranked: readonly string[], relevant: ReadonlySet<string>, k: number): number {
  demandRelevant(relevant);
  return ranked.slice(0, k).filter((one) => relevant.has(one)).length / relevant.size;
}

/**
 * Normalised discounted cumulative gain with gains of 0 and 1 (Järvelin and Kekäläinen 2002, discount log₂(rank + 1)):
 * 1 when the first `k` begin with all that is relevant.
 * @throws RangeError without anything relevant
 */
export function ndcgAt(ranked: readonly string[], relevant: ReadonlySet<string>, k: number): number {
  demandRelevant(relevant);
  let gain = 0;
  for (const [i, one] of ranked.slice(0, k).entries()) if (relevant.has(one)) gain += discount(i);
  let ideal = 0;
  for (let i = 0; i < Math.min(k, relevant.size); i++) ideal += discount(i);
  return gain / ideal;
}

/**
 * One over the rank of the first relevant thing, 0 where it is not among the first `k`.
 * @throws RangeError without anything relevant
 */
export function reciprocalRankAt(
  ranked: readonly string[],
  relevant: ReadonlySet<string>,
  k: number,
): number {
  demandRelevant(relevant);
  const at = ranked.slice(0, k).findIndex((one) => relevant.has(one));
  return at < 0 ? 0 : 1 / (at + 1);
}

function discount(index: number): number {
  return 1 / Math.log2(index + 2);
}

function demandRelevant(relevant: ReadonlySet<string>): void {
  if (relevant.size === 0) throw new RangeError('a ranking is measured by what is relevant, and nothing is');
}
