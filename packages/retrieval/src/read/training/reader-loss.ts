import { ops, Tensor } from '@lucie/torch';
import type { Label } from './example.ts';

/** Passages that answer are the fewer, and what decides. */
const ANSWER_WEIGHT = 1.5;
/** Contradictions are few: their output learns beside the other, not against it. */
const OUTPUT_WEIGHTS = [1, 0.5];

/** What the two outputs should say about a passage: answers, contradicts. */
export function targetsOf(label: Label): [number, number] {
  return [label === 'answers' ? 1 : 0, label === 'contradicts' ? 1 : 0];
}

/**
 * Weighted sum of both outputs' binary cross-entropy: logits [rows, 2] → scalar. Divide by the step's number of
 * passages for its mean.
 */
export function readerLoss(logits: Tensor, labels: readonly Label[]): Tensor {
  const target = Tensor.from(Float32Array.from(labels.flatMap(targetsOf)), [labels.length, 2]);
  const weights = labels.flatMap((label) =>
    OUTPUT_WEIGHTS.map((weight) => weight * (label === 'answers' ? ANSWER_WEIGHT : 1)),
  );
  const weight = Tensor.from(Float32Array.from(weights), [labels.length, 2]);
  return ops.binary_cross_entropy_with_logits(logits, target, { weight, reduction: 2 });
}
