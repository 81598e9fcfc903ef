import type { Random } from '@lucie/ledger';
import { argmax, rankedAbove, rankedBest, rankedOf } from './ranking.ts';

/** The part of the options that decides among scores. */
export interface DrawOptions {
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
}

/**
 * Buckets by distance from the best, in units of the temperature. Beyond 50 units the weights of a whole vocabulary do
 * not change a double near 1 any more: 2^20 · e^−50 < 2^−52.
 */
const BUCKETS = 200;
const PER_UNIT = 4;

/**
 * Draws an index: temperature, top-k, top-p, min-p, then one number of the stream, which walks the kept ones from the
 * best down; none when the temperature is 0.
 * @param scores - logits, changed by bias and penalties; NaN and −Infinity are never drawn
 * @returns −1 when there is nothing to draw
 */
export function draw(scores: Float32Array, opts: DrawOptions, random: Random): number {
  const { temperature, topK, topP, minP } = opts;
  if (temperature === 0 || topK === 1) return argmax(scores);
  if (topK > 0 && topK < scores.length) return drawRanked(scores, rankedBest(scores, topK), opts, random);
  const best = argmax(scores);
  if (best < 0 || scores[best] === Infinity) return -1;
  if (topP < 1 || minP === 0) return drawAny(scores, scores[best]!, opts, random);
  // A little lower than the bound, which the weights then decide.
  const floor = scores[best]! + temperature * (Math.log(minP) - 1e-3);
  return drawRanked(scores, rankedAbove(scores, floor), opts, random);
}

/** @param order - candidates, the best first */
function drawRanked(
  scores: Float32Array,
  order: Uint32Array,
  { temperature, topP, minP }: DrawOptions,
  random: Random,
): number {
  const max = scores[order[0] ?? -1] ?? Infinity;
  if (max === Infinity) return -1;
  const weights = Float64Array.from(order, (i) => Math.exp((scores[i]! - max) / temperature));
  const enough = topP < 1 ? topP * weights.reduce((sum, weight) => sum + weight, 0) : Infinity;
  let size = 0;
  let mass = 0;
  while (size < order.length && (size === 0 || (mass < enough && weights[size]! >= minP))) {
    mass += weights[size++]!;
  }
  let rest = random.float() * mass;
  for (let i = 0; i < size; i++) if ((rest -= weights[i]!) < 0) return order[i]!;
  return order[size - 1]!;
}

/**
 * From a whole vocabulary, without sorting it: the masses of the buckets tell in which one top-p or min-p cuts and in
 * which one the draw falls, and only those two are sorted.
 */
function drawAny(
  scores: Float32Array,
  max: number,
  { temperature, topP, minP }: DrawOptions,
  random: Random,
): number {
  const masses = new Float64Array(BUCKETS);
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    const distance = (max - scores[i]!) / temperature;
    const bucket = distance * PER_UNIT;
    if (!(bucket < BUCKETS)) continue;
    const weight = Math.exp(-distance);
    total += weight;
    masses[bucket | 0]! += weight;
  }
  const enough = topP < 1 ? topP * total : Infinity;
  const weightOf = (i: number) => Math.exp((scores[i]! - max) / temperature);
  const inBucket = (bucket: number) =>
    rankedOf(scores, (score) => {
      const place = ((max - score) / temperature) * PER_UNIT;
      return place >= bucket && place < bucket + 1;
    });

  const farthest = minP > 0 ? Math.min(BUCKETS - 1, Math.floor(-Math.log(minP) * PER_UNIT) + 1) : BUCKETS - 1;
  let cut = 0;
  let before = 0;
  while (cut < farthest && before + masses[cut]! < enough) before += masses[cut++]!;
  let kept = before;
  const keptInCut: number[] = [];
  for (const i of inBucket(cut)) {
    const weight = weightOf(i);
    if (kept > 0 && (kept >= enough || weight < minP)) break;
    kept += weight;
    keptInCut.push(i);
  }

  let rest = random.float() * kept;
  let bucket = 0;
  while (bucket < cut && rest >= masses[bucket]!) rest -= masses[bucket++]!;
  let last = -1;
  for (; last < 0 && bucket >= 0; bucket--) {
    for (const i of bucket === cut ? keptInCut : inBucket(bucket)) {
      last = i;
      if ((rest -= weightOf(i)) < 0) break;
    }
    // Rounding can carry the number past the last one, into a bucket without any: then it is the last one's.
  }
  return last;
}
