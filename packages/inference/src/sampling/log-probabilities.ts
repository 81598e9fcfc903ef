import { rankedBest } from './ranking.ts';

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
    const weight = Math.exp(logits[i]! - max);
    if (weight > 0) sum += weight;
  }
  return max + Math.log(sum);
}
