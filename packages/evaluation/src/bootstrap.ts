import { Random } from '@lucie/ledger';

/** A figure with its 95 % interval and the number of units (documents, items, questions) it rests on. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  n: number;
}

/**
 * Percentile bootstrap (Efron 1979): the statistic over `resamples` samples of the units drawn with replacement, and
 * the 2.5 % and 97.5 % points of what comes out. A unit is what was drawn independently: a document, never a token.
 * @param statistic - of a list of units; called with the units themselves first
 */
export function bootstrap<T>(
  units: T[],
  statistic: (units: T[]) => number,
  opts: { seed: number; resamples?: number },
): Estimate {
  if (units.length === 0) throw new RangeError('bootstrap of no units');
  const resamples = opts.resamples ?? 1000;
  const random = new Random(opts.seed, 'bootstrap');
  const sample = new Array<T>(units.length);
  const values = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    for (let j = 0; j < units.length; j++) sample[j] = units[random.below(units.length)]!;
    values[i] = statistic(sample);
  }
  values.sort();
  return {
    value: statistic(units),
    low: quantile(values, 0.025),
    high: quantile(values, 0.975),
    n: units.length,
  };
}

/** Quantile of sorted values with linear interpolation between neighbours (Hyndman and Fan 1996, type 7). */
export function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (at - below) * (next - sorted[below]!);
}

/** Share of `true`. */
export function share(outcomes: boolean[]): number {
  return outcomes.filter(Boolean).length / outcomes.length;
}
