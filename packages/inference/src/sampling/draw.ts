import type { Random } from '@lucie/ledger';
import { argmax, rankedAbove, rankedBest, rankedOf } from './ranking.ts';

/** The part of the options that decides among scores. */
export interface DrawOptions {
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
}

/** Beyond so many units of the temperature the weights of a whole vocabulary do not change a double near 1: 2^20 · e^−50 < 2^−52. */
const FARTHEST = 50;
/** By distance from the best. */
const BUCKETS = 256;
/** So many candidates are sorted at once; of more, only the buckets where something is decided. */
const FEW = 2000;

/**
 * Draws an index: temperature, top-k, top-p, min-p, then one number of the stream, which walks the kept ones from the
 * best down; none when the temperature is 0.
 * @param scores - logits, changed by bias and penalties; NaN and −Infinity are never drawn
 * @returns −1 when there is nothing to draw
 */
export function draw(scores: Float32Array, opts: DrawOptions, random: Random): number {
  const { temperature, topK, topP, minP } = opts;
  if (temperature === 0 || topK === 1) return argmax(scores);
  if (topK > 0 && topK < Math.min(scores.length, FEW)) {
    return drawRanked(scores, rankedBest(scores, topK), opts, random);
  }
  const best = argmax(scores);
  if (best < 0 || scores[best] === Infinity) return -1;
  const max = scores[best]!;
  if (topP === 1 && minP > 0 && (topK === 0 || topK >= scores.length)) {
    // A little lower than the bound, which the weights then decide.
    const floor = max + temperature * (Math.log(minP) - 1e-3);
    const order = floor < max ? rankedAbove(scores, floor, FEW) : undefined;
    if (order) return drawRanked(scores, order, opts, random);
  }
  return drawAny(scores, max, opts, random);
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

const masses = new Float64Array(BUCKETS);
const counts = new Uint32Array(BUCKETS);

/**
 * From a whole vocabulary, without sorting it: masses and sizes of the buckets tell in which one top-k, top-p or min-p
 * cuts and in which one the draw falls, and only those are sorted.
 */
function drawAny(
  scores: Float32Array,
  max: number,
  { temperature, topK, topP, minP }: DrawOptions,
  random: Random,
): number {
  let min = max;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (score < min && score > -Infinity) min = score;
  }
  // Buckets span what there is, also where the temperature brings everything close together.
  const span = Math.min(FARTHEST, Math.max((max - min) / temperature, 1e-9));
  const scale = Math.min((BUCKETS - 1) / span / temperature, Number.MAX_VALUE);
  /** Not below BUCKETS, or NaN, where a score is too far away, or none. */
  const placeOf = (score: number) => (max - score) * scale;
  const weightOf = (i: number) => Math.exp((scores[i]! - max) / temperature);
  const inBucket = (bucket: number) =>
    rankedOf(scores, (score) => {
      const place = placeOf(score);
      return place >= bucket && place < bucket + 1;
    });

  masses.fill(0);
  counts.fill(0);
  /** The last bucket with anything near enough for min-p. */
  let last = 0;
  for (let i = 0; i < scores.length; i++) {
    const place = placeOf(scores[i]!);
    if (!(place < BUCKETS)) continue;
    const bucket = place | 0;
    const weight = weightOf(i);
    masses[bucket]! += weight;
    counts[bucket]!++;
    if (weight >= minP && bucket > last) last = bucket;
  }

  let total = 0;
  let atTopK: Uint32Array | undefined;
  let bucketOfTopK = 0;
  for (let left = topK > 0 ? topK : Infinity; bucketOfTopK < BUCKETS; bucketOfTopK++) {
    if (counts[bucketOfTopK]! > left) {
      atTopK = inBucket(bucketOfTopK).subarray(0, left);
      for (const i of atTopK) total += weightOf(i);
      break;
    }
    left -= counts[bucketOfTopK]!;
    total += masses[bucketOfTopK]!;
  }
  const ranked = (bucket: number) => (atTopK && bucket === bucketOfTopK ? atTopK : inBucket(bucket));

  const enough = topP < 1 ? topP * total : Infinity;
  const farthest = Math.min(last, bucketOfTopK);
  let cut = 0;
  let kept = 0;
  while (cut < farthest && kept + masses[cut]! < enough) kept += masses[cut++]!;
  const keptInCut: number[] = [];
  for (const i of ranked(cut)) {
    const weight = weightOf(i);
    if (kept > 0 && (kept >= enough || weight < minP)) break;
    kept += weight;
    keptInCut.push(i);
  }

  let rest = random.float() * kept;
  let bucket = 0;
  while (bucket < cut && rest >= masses[bucket]!) rest -= masses[bucket++]!;
  let found = -1;
  for (; found < 0 && bucket >= 0; bucket--) {
    for (const i of bucket === cut ? keptInCut : inBucket(bucket)) {
      found = i;
      if ((rest -= weightOf(i)) < 0) break;
    }
    // Rounding can carry the number past the last one, into a bucket without any: then it is the last one's.
  }
  return found;
}
