import { describe, expect, test } from 'vitest';
import { ndcgAt, recallAt, reciprocalRankAt } from '../../src/grounded/ranking.ts';

const ranked = ['a', 'b', 'c', 'd', 'e'];

describe('a ranking against what is relevant', () => {
  test('recall is the share of the relevant, not of the shown', () => {
    const relevant = new Set(['b', 'd', 'elsewhere']);
    expect([1, 2, 4, 5].map((k) => recallAt(ranked, relevant, k))).toEqual([0, 1 / 3, 2 / 3, 2 / 3]);
  });

  test('nDCG worked out by hand: ranks 2 and 4 of two relevant', () => {
    // (1/log₂3 + 1/log₂5) ÷ (1/log₂2 + 1/log₂3) with log₂3 = 1.5849625 and log₂5 = 2.3219281.
    expect(ndcgAt(ranked, new Set(['b', 'd']), 10)).toBeCloseTo(0.650921, 6);
    // Only the first three count: rank 4 is too late, and the ideal still has two.
    expect(ndcgAt(ranked, new Set(['b', 'd']), 3)).toBeCloseTo(0.63093 / 1.63093, 5);
  });

  test('nDCG is 1 for the ideal order however many are relevant, and 0 without any found', () => {
    expect(ndcgAt(ranked, new Set(['a']), 10)).toBe(1);
    expect(ndcgAt(ranked, new Set(['b', 'a', 'c']), 10)).toBe(1);
    expect(ndcgAt(ranked, new Set(['a', 'b', 'c', 'd', 'e']), 2)).toBe(1);
    expect(ndcgAt(ranked, new Set(['z']), 10)).toBe(0);
  });

  test('moving something relevant up never lowers nDCG', () => {
    const relevant = new Set(['d', 'e']);
    const worse = ndcgAt(['a', 'b', 'd', 'c', 'e'], relevant, 10);
    expect(ndcgAt(['a', 'd', 'b', 'c', 'e'], relevant, 10)).toBeGreaterThan(worse);
  });

  test('the reciprocal rank is of the first one, and 0 beyond the cut', () => {
    expect(reciprocalRankAt(ranked, new Set(['c', 'e']), 10)).toBe(1 / 3);
    expect(reciprocalRankAt(ranked, new Set(['c']), 3)).toBe(1 / 3);
    expect(reciprocalRankAt(ranked, new Set(['c']), 2)).toBe(0);
  });

  test('without anything relevant there is no figure', () => {
    for (const measure of [recallAt, ndcgAt, reciprocalRankAt])
      expect(() => measure(ranked, new Set(), 10)).toThrow(RangeError);
  });
});
