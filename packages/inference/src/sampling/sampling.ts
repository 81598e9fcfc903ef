import type { Random } from '@lucie/ledger';

export interface SamplingOptions {
  /** 0 takes the most probable token, always. Default 0.8. */
  temperature?: number;
  /** Keep only the k most probable tokens; 0 keeps all. Default 40. */
  topK?: number;
  /** Keep the smallest set of tokens whose probabilities add up to this. Default 0.95. */
  topP?: number;
  /** Keep tokens at least this many times as probable as the best. Default 0. */
  minP?: number;
  /** > 1 divides positive logits, multiplies negative ones, of tokens among the last 64 (Keskar et al. 2019). Default 1. */
  repetitionPenalty?: number;
}

export const samplingDefaults: Required<SamplingOptions> = {
  temperature: 0.8,
  topK: 40,
  topP: 0.95,
  minP: 0,
  repetitionPenalty: 1,
};

const PENALTY_WINDOW = 64;

/**
 * Draws the next token: penalty, temperature, top-k, top-p, min-p, in the order of Hugging Face's generation.
 * @param logits - [vocabulary], raw; NaN counts as never
 * @param history - tokens so far
 * @returns the token, and its log probability under the raw logits
 * @throws RangeError when no logit is a number
 */
export function sample(
  logits: Float32Array,
  history: readonly number[],
  opts: Required<SamplingOptions> & { random: Random },
): { token: number; logprob: number } {
  const norm = logSumExp(logits);
  const scores = Float32Array.from(logits, (value) => (Number.isNaN(value) ? -Infinity : value));
  if (opts.repetitionPenalty !== 1) {
    for (const id of new Set(history.slice(-PENALTY_WINDOW))) {
      const score = scores[id]!;
      scores[id] = score > 0 ? score / opts.repetitionPenalty : score * opts.repetitionPenalty;
    }
  }
  const token = opts.temperature === 0 ? argmax(scores) : draw(scores, opts);
  return { token, logprob: logits[token]! - norm };
}

/** Index of the largest value, the first of equals. */
export function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

function logSumExp(logits: Float32Array): number {
  let max = -Infinity;
  for (const value of logits) if (value > max) max = value;
  if (!Number.isFinite(max)) throw new RangeError('logits without a finite maximum');
  let sum = 0;
  for (const value of logits) if (!Number.isNaN(value)) sum += Math.exp(value - max);
  return max + Math.log(sum);
}

function draw(scores: Float32Array, opts: Required<SamplingOptions> & { random: Random }): number {
  const order = ranked(scores, opts.topK);
  const kept = order.length;
  const best = scores[order[0]!]!;
  const weights = new Float64Array(kept);
  let total = 0;
  for (let i = 0; i < kept; i++)
    total += weights[i] = Math.exp((scores[order[i]!]! - best) / opts.temperature);
  let size = 0;
  let mass = 0;
  while (size < kept && (size === 0 || (mass < opts.topP * total && weights[size]! >= opts.minP))) {
    mass += weights[size++]!;
  }
  let rest = opts.random.float() * mass;
  for (let i = 0; i < size; i++) if ((rest -= weights[i]!) < 0) return order[i]!;
  return order[size - 1]!;
}

/**
 * Indices of the `k` largest scores, best first; all when k is 0. Equal scores keep the order of their ids, so that
 * a draw is the same on every machine.
 */
function ranked(scores: Float32Array, k: number): ArrayLike<number> {
  if (k <= 0 || k >= scores.length) {
    return Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  }
  // Insertion into k places: nearly every token of a large vocabulary fails the first comparison.
  const best: number[] = [];
  for (let id = 0; id < scores.length; id++) {
    if (best.length === k && scores[id]! <= scores[best[k - 1]!]!) continue;
    let at = best.length < k ? best.length : k - 1;
    for (; at > 0 && scores[id]! > scores[best[at - 1]!]!; at--) best[at] = best[at - 1]!;
    best[at] = id;
  }
  return best;
}
