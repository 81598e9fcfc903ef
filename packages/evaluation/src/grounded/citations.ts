import { type Outcome, ratio } from './refusals.ts';

/** A question with what its answer cites: distinct paragraphs, and those among them that prove the answer. */
export interface CitedOutcome extends Outcome {
  /** Of the answer or of the refusal, larger is surer; only its order among answers counts. */
  confidence: number;
  cited: number;
  right: number;
}

/** Of all paragraphs that the answers cite, the share that proves them; `null` when nothing is cited. */
export function citationPrecision(outcomes: readonly CitedOutcome[]): number | null {
  const given = outcomes.filter(({ refused }) => !refused);
  return ratio(sum(given, 'right'), sum(given, 'cited'));
}

/** What an answerer does when it gives only its surest answers. */
export interface AbstentionPoint {
  /** Answers less sure than this are withheld. */
  confidence: number;
  /** Of the questions with an answer, those that get one. */
  coverage: number;
  /** Of the paragraphs cited for questions with an answer, those that prove it. */
  precision: number;
  /** Of the paragraphs cited for any question: for one without an answer, none is right. */
  strictPrecision: number;
  /** Of the questions without an answer, those that get one all the same; `null` when there are none. */
  answeredSilent: number | null;
}

/**
 * The abstention curve: coverage and precision at every confidence that occurs among the answers given, from the
 * surest down. Its last point is the answerer as it is.
 */
export function abstentionCurve(outcomes: readonly CitedOutcome[]): AbstentionPoint[] {
  const answerable = outcomes.filter((one) => one.answerable).length;
  const silent = outcomes.length - answerable;
  const given = outcomes.filter(({ refused }) => !refused).sort((a, b) => b.confidence - a.confidence);
  const points: AbstentionPoint[] = [];
  for (const [i, { confidence }] of given.entries()) {
    // Equally sure answers are withheld together.
    if (given[i + 1]?.confidence === confidence) continue;
    const kept = given.slice(0, i + 1);
    const own = kept.filter((one) => one.answerable);
    points.push({
      confidence,
      coverage: ratio(own.length, answerable) ?? 0,
      precision: citationPrecision(own) ?? 0,
      strictPrecision: citationPrecision(kept) ?? 0,
      answeredSilent: ratio(kept.length - own.length, silent),
    });
  }
  return points;
}

/** The first point of the curve that covers at least so much; none where the answerer never does. */
export function atCoverage(curve: readonly AbstentionPoint[], coverage: number): AbstentionPoint | undefined {
  return curve.find((point) => point.coverage >= coverage);
}

function sum(outcomes: readonly CitedOutcome[], field: 'cited' | 'right'): number {
  return outcomes.reduce((total, one) => total + one[field], 0);
}
