import type { Random } from '@lucie/ledger';
import { argmax, rankedAbove, rankedBest } from './ranking.ts';

/** The part of the options that decides among scores. */
export interface DrawOptions {
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
}

const BUCKETS = 64;
/** Nats below the best that one bucket spans. */
const WIDTH = 0.5;

/**
 * Draws an index: temperature, top-k, top-p, min-p, then one number of the stream; none when the temperature is 0.
 * The number walks the kept ones from the best down; where nothing is cut off, in the order of indices, which spares
 * sorting a vocabulary.
 * @param scores - logits, changed by bias and penalties; NaN and −Infinity are never drawn
 * @returns −1 when there is nothing to draw
 */
export function draw(scores: Float32Array, opts: DrawOptions, random: Random): number {
  const best = argmax(scores);
  if (best < 0 || opts.temperature === 0 || opts.topK === 1) return best;
  const max = scores[best]!;
  if (max === Infinity) return -1;
  if (opts.topK > 0 && opts.topK < scores.length) {
    return drawRanked(scores, rankedBest(scores, opts.topK), opts, random);
  }
  if (opts.topP < 1) return drawNucleus(scores, max, opts, random);
  if (opts.minP > 0) {
    // A little lower than the bound, which the weights then decide.
    const floor = max + opts.temperature * (Math.log(opts.minP) - 1e-3);
    return drawRanked(scores, rankedAbove(scores, floor), opts, random);
  }
  return drawAny(scores, max, opts.temperature, random);
}

/** @param total - sum of the weights of all, where `order` holds a part */
function drawRanked(
  scores: Float32Array,
  order: Uint32Array,
  { temperature, topP, minP }: DrawOptions,
  random: Random,
  total?: number,
): number {
  const max = scores[order[0]!]!;
  const weights = Float64Array.from(order, (i) => Math.exp((scores[i]! - max) / temperature));
  const enough = topP < 1 ? topP * (total ?? weights.reduce((sum, weight) => sum + weight, 0)) : Infinity;
  let size = 0;
  let mass = 0;
  while (size < order.length && (size === 0 || (mass < enough && weights[size]! >= minP))) {
    mass += weights[size++]!;
  }
  let rest = random.float() * mass;
  for (let i = 0; i < size; i++) if ((rest -= weights[i]!) < 0) return order[i]!;
  return order[size - 1]!;
}

/** Top-p over a whole vocabulary: masses by distance from the best say how much of it needs to be sorted. */
function drawNucleus(scores: Float32Array, max: number, opts: DrawOptions, random: Random): number {
  const masses = new Float64Array(BUCKETS + 1);
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    const distance = (max - scores[i]!) / opts.temperature;
    if (!(distance < Infinity)) continue;
    const weight = Math.exp(-distance);
    total += weight;
    const bucket = distance / WIDTH;
    masses[bucket < BUCKETS ? bucket | 0 : BUCKETS]! += weight;
  }
  const enough = opts.topP * total;
  let bucket = 0;
  for (let mass = masses[0]!; mass < enough && bucket < BUCKETS; ) mass += masses[++bucket]!;
  // One bucket more than is needed, for sums that round differently in another order.
  const edge = bucket + 2;
  const floor = edge > BUCKETS ? -Infinity : max - edge * WIDTH * opts.temperature;
  return drawRanked(scores, rankedAbove(scores, floor), opts, random, total);
}

/** From the whole distribution, in the order of indices. */
function drawAny(scores: Float32Array, max: number, temperature: number, random: Random): number {
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    const weight = Math.exp((scores[i]! - max) / temperature);
    if (weight > 0) total += weight;
  }
  let rest = random.float() * total;
  let last = -1;
  for (let i = 0; i < scores.length; i++) {
    const weight = Math.exp((scores[i]! - max) / temperature);
    if (!(weight > 0)) continue;
    last = i;
    if ((rest -= weight) < 0) return i;
  }
  return last;
}
