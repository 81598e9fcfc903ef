import weights from './calibration/weights.json' with { type: 'json' };
import { DENSE_FEATURES, FEATURES, type Feature, type FeatureValues } from './refusal-features.ts';

/** A logistic model: the probability that the documents answer. */
export interface LogisticWeights {
  bias: number;
  weights: Partial<Record<Feature, number>>;
  /** Below it the question is refused. */
  threshold: number;
}

/** `lexical` without vectors in the room, `dense` with them. See `calibration/fit.ts` for where they come from. */
export interface Calibration {
  lexical: LogisticWeights;
  dense: LogisticWeights;
}

/** Which set of weights these features are for. */
export function weightsFor(features: FeatureValues, from: Calibration = weights): LogisticWeights {
  return features.denseGap > 0 || features.dense > 0 ? from.dense : from.lexical;
}

/** The probability that the documents answer the question (0…1). */
export function answerProbability(features: FeatureValues, model: LogisticWeights): number {
  let sum = model.bias;
  for (const name of featureNames(true)) sum += (model.weights[name] ?? 0) * features[name];
  return 1 / (1 + Math.exp(-sum));
}

/** The features of one set of weights, in order. */
export function featureNames(dense: boolean): Feature[] {
  return (Object.keys(FEATURES) as Feature[]).filter((name) => dense || !DENSE_FEATURES.includes(name));
}
