import { type Adapter, OUTPUTS } from './adapter.ts';
import type { Reading } from './reader.ts';

/** The vector has length 1: without this the head would have to have large weights, which are slow to learn. */
export const VECTOR_SCALE = 20;

/** What the head says of a pair's vector: the logistic function of W·(20 v) + b. */
export function classify(vector: Float32Array, { weight, bias }: Adapter['classifier']): Reading {
  const probability = (output: number) => {
    let logit = bias[output]!;
    for (const [i, value] of vector.entries())
      logit += weight[output * (weight.length / OUTPUTS) + i]! * VECTOR_SCALE * value;
    return 1 / (1 + Math.exp(-logit));
  };
  return { answers: probability(0), contradicts: probability(1) };
}
