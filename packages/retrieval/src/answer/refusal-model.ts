import weights from './calibration/weights.json' with { type: 'json' };
import {
  DENSE_FEATURES,
  FEATURES,
  type Feature,
  type FeatureValues,
  READER_FEATURES,
} from './refusal-features.ts';

/** A logistic model: the probability that the documents answer. */
export interface LogisticWeights {
  bias: number;
  weights: Partial<Record<Feature, number>>;
  /** Below it the question is refused. */
  threshold: number;
}

/** What was found with: words alone, vectors besides, or read by a reader. */
export type Basis = 'lexical' | 'dense' | 'reader';

/** See `calibration/fit.ts` for where they come from. */
export type Calibration = Record<Basis, LogisticWeights>;

/** Which set of weights what was found is for. */
export function weightsFor(
  found: { hits: readonly { dense?: number | undefined }[]; readings?: unknown },
  from: Calibration = weights,
): LogisticWeights {
  if (found.readings) return from.reader;
  return found.hits.some(({ dense }) => dense !== undefined && dense > 0) ? from.dense : from.lexical;
}

/** The probability that the documents answer the question (0…1). */
export function answerProbability(features: FeatureValues, model: LogisticWeights): number {
  let sum = model.bias;
  for (const name of Object.keys(FEATURES) as Feature[]) sum += (model.weights[name] ?? 0) * features[name];
  return 1 / (1 + Math.exp(-sum));
}

/** The features of one set of weights, in order. A reader's go without those of vectors: it may read in any room. */
export function featureNames(basis: Basis): Feature[] {
  return (Object.keys(FEATURES) as Feature[]).filter(
    (name) =>
      (basis === 'dense' || !DENSE_FEATURES.includes(name)) &&
      (basis === 'reader' || !READER_FEATURES.includes(name)),
  );
}
