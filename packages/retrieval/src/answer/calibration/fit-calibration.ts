import { FEATURES, type Feature, type FeatureValues } from '../refusal-features.ts';
import { answerProbability, type Basis, featureNames, type LogisticWeights } from '../refusal-model.ts';
import { fitLogistic } from './fit-logistic.ts';

/** A question of the development split with the features that were found for it. */
export interface CalibrationExample {
  id: string;
  spelling: 'clean' | 'pupil';
  /** The set of texts that it is about: left out together in cross-validation. */
  group: string;
  answerable: boolean;
  /** The best passage is a proof. */
  right: boolean;
  features: FeatureValues;
}

/** What a set of weights reaches on questions about texts that it has not seen. */
export interface CrossValidated {
  f1: number;
  /** Share of the answerable questions that are answered, and of those the share with a proof first. */
  coverage: number;
  precision: number;
}

/** Penalty on the standardised weights: of 264 examples that come in pairs, few can be trusted. */
const RIDGE = 5;
/** Refusing more than this of what can be answered helps nobody, whatever it does for F1. */
const LEAST_COVERAGE = 0.7;

/**
 * Weights and threshold from examples: logistic regression whose weights keep the signs of `FEATURES` (what would turn
 * is left out), and the threshold that is best for refusals' F1 at a coverage of at least 0.7, both judged on groups
 * that the weights have not seen.
 */
export function fitCalibration(
  examples: readonly CalibrationExample[],
  basis: Basis,
): LogisticWeights & { crossValidated: CrossValidated } {
  const groups = [...new Set(examples.map(({ group }) => group))].sort();
  const unseen = groups.flatMap((group) => {
    const model = fitSigned(
      examples.filter((one) => one.group !== group),
      basis,
    );
    return examples
      .filter((one) => one.group === group)
      .map((example) => ({ example, p: answerProbability(example.features, model) }));
  });
  const thresholds = [...new Set(unseen.map(({ p }) => p))].sort((a, b) => a - b);
  const judged = thresholds.map((threshold) => ({ threshold, ...judge(unseen, threshold) }));
  const useful = judged.filter(({ coverage }) => coverage >= LEAST_COVERAGE);
  const best = useful.reduce((a, b) => (b.f1 > a.f1 ? b : a));
  const { threshold, ...crossValidated } = best;
  return { ...fitSigned(examples, basis), threshold, crossValidated };
}

function fitSigned(examples: readonly CalibrationExample[], basis: Basis): LogisticWeights {
  let names = featureNames(basis);
  for (;;) {
    const { bias, weights } = fitLogistic(
      examples.map(({ features, answerable }) => ({
        x: names.map((name) => features[name]),
        y: answerable ? 1 : 0,
      })),
      RIDGE,
    );
    const turned = names
      .map((name, i) => ({ name, value: weights[i]! * FEATURES[name] }))
      .filter(({ value }) => value < 0)
      .sort((a, b) => a.value - b.value)[0];
    if (!turned) {
      const own: Partial<Record<Feature, number>> = {};
      for (const [i, name] of names.entries()) own[name] = weights[i]!;
      return { bias, weights: own, threshold: 0.5 };
    }
    names = names.filter((name) => name !== turned.name);
  }
}

function judge(
  unseen: readonly { example: CalibrationExample; p: number }[],
  threshold: number,
): CrossValidated {
  const refused = unseen.filter(({ p }) => p < threshold);
  const silent = unseen.filter(({ example }) => !example.answerable).length;
  const rightly = refused.filter(({ example }) => !example.answerable).length;
  const answered = unseen.filter(({ example, p }) => example.answerable && p >= threshold);
  return {
    f1: (2 * rightly) / (refused.length + silent),
    coverage: answered.length / (unseen.length - silent),
    precision: answered.filter(({ example }) => example.right).length / (answered.length || 1),
  };
}
