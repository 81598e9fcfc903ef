import { LucieError } from '@lucie/ledger';
import { median } from '../report.ts';
import type { ClientReport, Measured } from './plan.ts';

/** The smallest value that at least the part `share` of all does not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

/** Tokens of all answers by the seconds from the first sending to the last end. */
export function tokensPerSecond(measured: readonly Measured[]): number {
  const tokens = measured.reduce((sum, { completionTokens }) => sum + completionTokens, 0);
  return tokens / totalSeconds(measured);
}

/** From the first sending to the last end. */
export function totalSeconds(measured: readonly Measured[]): number {
  const start = Math.min(...measured.map(({ sent }) => sent));
  return (Math.max(...measured.map(({ end }) => end)) - start) / 1000;
}

/** Milliseconds from sending to the first text, 95 of 100 wait less. */
export function firstTokenP95(measured: readonly Measured[]): number {
  return percentile(measured.map(firstTokenMs), 0.95);
}

/** Milliseconds from sending to the first text. */
export function firstTokenMs({ first, sent }: Measured): number {
  if (first === undefined) throw new RangeError('an answer without text');
  return first - sent;
}

/** Bytes resident around a number of requests: the median of what was seen within a fifth of `settled`. */
export function memoryAround(
  memory: ClientReport['memory'],
  opts: { ended: number; settled: number },
): number {
  const near = memory.filter(({ ended }) => Math.abs(ended - opts.ended) <= opts.settled / 5);
  return median(near.map(({ bytes }) => bytes));
}

/** The setting with the best value of one figure. */
export function bestOf<T>(
  tried: readonly { setting: T; values: readonly number[] }[],
  figure: number,
  better: 'higher' | 'lower',
): T {
  const sign = better === 'higher' ? -1 : 1;
  return [...tried].sort((a, b) => sign * (a.values[figure]! - b.values[figure]!))[0]!.setting;
}

/**
 * Answers that a figure may rest on: each complete, each of the length that was asked for.
 * @throws LucieError `BENCH_ANSWER_WRONG`
 */
export function checked(
  label: string,
  measured: readonly Measured[],
  opts: { tokens: number },
): readonly Measured[] {
  for (const [i, { error, completionTokens, first }] of measured.entries()) {
    const wrong = error ?? (completionTokens === opts.tokens && first !== undefined ? undefined : '');
    if (wrong === undefined) continue;
    throw new LucieError({
      code: 'BENCH_ANSWER_WRONG',
      found: `answer ${i + 1} of ${measured.length} from ${label} with ${completionTokens} tokens${wrong && `: ${wrong}`}`,
      expected: `a complete answer of ${opts.tokens} tokens`,
      todo: 'start that server by hand and send it the request: a figure from wrong answers would mean nothing',
    });
  }
  return measured;
}
