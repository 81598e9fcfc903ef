import { describe, expect, test } from 'vitest';
import {
  abstentionCurve,
  atCoverage,
  type CitedOutcome,
  citationPrecision,
} from '../../src/grounded/citations.ts';

const answered = (confidence: number, cited: number, right: number, answerable = true): CitedOutcome => ({
  answerable,
  refused: false,
  confidence,
  cited,
  right,
});
const refused = (answerable: boolean): CitedOutcome => ({
  answerable,
  refused: true,
  confidence: 0.99,
  cited: 0,
  right: 0,
});

describe('citations', () => {
  test('precision counts paragraphs, not answers, and no refusals', () => {
    expect(citationPrecision([answered(1, 3, 1), answered(1, 1, 1), refused(true)])).toBe(0.5);
    expect(citationPrecision([refused(true)])).toBeNull();
  });

  test('the curve goes from the surest answer to all that are given', () => {
    const curve = abstentionCurve([
      answered(0.2, 1, 0),
      answered(0.9, 1, 1),
      refused(true),
      answered(0.6, 2, 0, false),
      answered(0.5, 2, 1),
      refused(false),
    ]);
    expect(curve).toEqual([
      { confidence: 0.9, coverage: 0.25, precision: 1, strictPrecision: 1, answeredSilent: 0 },
      { confidence: 0.6, coverage: 0.25, precision: 1, strictPrecision: 1 / 3, answeredSilent: 0.5 },
      { confidence: 0.5, coverage: 0.5, precision: 2 / 3, strictPrecision: 2 / 5, answeredSilent: 0.5 },
      { confidence: 0.2, coverage: 0.75, precision: 2 / 4, strictPrecision: 2 / 6, answeredSilent: 0.5 },
    ]);
    expect(atCoverage(curve, 0.5)).toBe(curve[2]);
    expect(atCoverage(curve, 0.8)).toBeUndefined();
  });

  test('equally sure answers are one point, whatever their order', () => {
    const curve = abstentionCurve([answered(0.5, 1, 1), answered(0.5, 1, 0)]);
    expect(curve).toHaveLength(1);
    expect(curve[0]).toMatchObject({ coverage: 1, precision: 0.5, answeredSilent: null });
  });
});
