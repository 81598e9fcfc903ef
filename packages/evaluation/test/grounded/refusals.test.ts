import { expect, test } from 'vitest';
import { type Outcome, refusalScores } from '../../src/grounded/refusals.ts';

const outcomes = (count: number, answerable: boolean, refused: boolean): Outcome[] =>
  Array.from({ length: count }, () => ({ answerable, refused }));

test('precision, recall, F1 and coverage of refusals, worked out by hand', () => {
  // 6 of 10 silent questions are refused, and 2 of 8 others as well.
  const all = [
    ...outcomes(6, false, true),
    ...outcomes(4, false, false),
    ...outcomes(2, true, true),
    ...outcomes(6, true, false),
  ];
  const scores = refusalScores(all);
  expect(scores).toEqual({ precision: 0.75, recall: 0.6, f1: 12 / 18, coverage: 0.75 });
  // Harmonic mean of 0.75 and 0.6.
  expect(scores.f1).toBeCloseTo((2 * 0.75 * 0.6) / (0.75 + 0.6), 12);
});

test('what has no figure has none', () => {
  expect(refusalScores(outcomes(3, true, false))).toEqual({
    precision: null,
    recall: null,
    f1: null,
    coverage: 1,
  });
  // Who never refuses finds none of them.
  expect(refusalScores(outcomes(3, false, false))).toEqual({
    precision: null,
    recall: 0,
    f1: 0,
    coverage: null,
  });
});
