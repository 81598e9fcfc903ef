import { Random } from '@lucie/ledger';
import { quantile } from '../bootstrap.ts';

/** Two ways of doing the same thing, on the same questions. Intervals are the middle 95 %. */
export interface PairedComparison {
  ours: number;
  peer: number;
  difference: { value: number; low: number; high: number };
  /** Ours ÷ the peer's; `null` where the peer has nothing. */
  ratio: { value: number; low: number; high: number } | null;
  /**
   * Two-sided: twice the share of samples in which the difference is zero or has the other sign, with one sample more
   * counted against it (Davison and Hinkley 1997, 4.2), so never 0.
   */
  p: number;
  /** Questions. */
  n: number;
}

/**
 * Paired percentile bootstrap (Efron and Tibshirani 1993, chapter 8): questions are drawn with replacement, both
 * statistics are taken of the same draw.
 * @param units - one per question, with what both sides made of it
 * @param statistics - ours, and the peer's
 * @throws RangeError without units
 */
export function pairedBootstrap<T>(
  units: readonly T[],
  statistics: { ours: (units: readonly T[]) => number; peer: (units: readonly T[]) => number },
  opts: { seed: number; resamples?: number },
): PairedComparison {
  if (units.length === 0) throw new RangeError('bootstrap of no units');
  const resamples = opts.resamples ?? 10_000;
  const random = new Random(opts.seed, 'paired bootstrap');
  const sample = [...units];
  const differences = new Float64Array(resamples);
  const ratios = new Float64Array(resamples);
  let notAbove = 0;
  let notBelow = 0;
  for (let i = 0; i < resamples; i++) {
    for (let j = 0; j < sample.length; j++) sample[j] = units[random.below(units.length)]!;
    const ours = statistics.ours(sample);
    const peer = statistics.peer(sample);
    differences[i] = ours - peer;
    // A draw in which the peer gets nothing at all makes no ratio; as the largest number it stays in its tail.
    ratios[i] = peer === 0 ? Number.MAX_VALUE : ours / peer;
    if (ours <= peer) notAbove++;
    if (ours >= peer) notBelow++;
  }
  const ours = statistics.ours(units);
  const peer = statistics.peer(units);
  return {
    ours,
    peer,
    difference: { value: ours - peer, ...middle(differences) },
    ratio: peer === 0 ? null : { value: ours / peer, ...middle(ratios) },
    p: Math.min(1, (2 * (1 + Math.min(notAbove, notBelow))) / (resamples + 1)),
    n: units.length,
  };
}

function middle(values: Float64Array): { low: number; high: number } {
  values.sort();
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) };
}
