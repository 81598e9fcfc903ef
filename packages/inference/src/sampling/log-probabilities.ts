import { rankedBest } from './ranking.ts';

/** e^−50 of a million tokens does not change a double near 1. */
const NOTHING = 50;

export interface TokenLogprob {
  token: number;
  /** Natural logarithm of the probability under the raw logits. */
  logprob: number;
}

/**
 * Log probabilities under the raw logits, whatever temperature, penalties or grammar made of them.
 * @param token - the one that was drawn
 * @param count - how many of the likeliest to name as well
 */
export function logProbabilities(
  logits: Float32Array,
  token: number,
  count: number,
): { logprob: number; top: TokenLogprob[] } {
  const norm = logSumExp(logits);
  const top = count > 0 ? Array.from(rankedBest(logits, count)) : [];
  return {
    logprob: logits[token]! - norm,
    top: top.map((id) => ({ token: id, logprob: logits[id]! - norm })),
  };
}

/** ln Σ exp, shifted by the maximum so that nothing overflows; NaN counts as never. */
function logSumExp(logits: Float32Array): number {
  let max = -Infinity;
  for (let i = 0; i < logits.length; i++) if (logits[i]! > max) max = logits[i]!;
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const distance = max - logits[i]!;
    if (distance < NOTHING) sum += Math.exp(-distance);
  }
  return max + Math.log(sum);
}
