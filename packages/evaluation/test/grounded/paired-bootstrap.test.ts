import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { pairedBootstrap } from '../../src/grounded/paired-bootstrap.ts';

interface Pair {
  ours: number;
  peer: number;
}
const means = {
  ours: (units: readonly Pair[]) => units.reduce((sum, { ours }) => sum + ours, 0) / units.length,
  peer: (units: readonly Pair[]) => units.reduce((sum, { peer }) => sum + peer, 0) / units.length,
};

describe('paired bootstrap', () => {
  test('agrees with the normal distribution where it holds', () => {
    // Differences with mean 0.2 and standard deviation 1 on 100 questions: z = 2, two-sided p = 0.0455.
    const random = new Random(3, 'test');
    const raw = Array.from({ length: 100 }, () => random.normal());
    const middle = raw.reduce((sum, value) => sum + value, 0) / raw.length;
    const spread = Math.sqrt(raw.reduce((sum, value) => sum + (value - middle) ** 2, 0) / raw.length);
    // What both sides share, however large, is not in the interval of their difference.
    const pairs = raw.map((value, i) => ({
      ours: 50 * (i % 7) + (value - middle) / spread + 0.2,
      peer: 50 * (i % 7),
    }));
    const { difference, p, n } = pairedBootstrap(pairs, means, { seed: 1 });
    expect(n).toBe(100);
    expect(difference.value).toBeCloseTo(0.2, 9);
    expect(difference.low).toBeCloseTo(0.2 - 0.196, 1);
    expect(difference.high).toBeCloseTo(0.2 + 0.196, 1);
    expect(Math.abs(p - 0.0455)).toBeLessThan(0.015);
  });

  test('is two-sided: exchanging the sides keeps p and turns the sign', () => {
    const pairs = Array.from({ length: 40 }, (_, i) => ({ ours: (i * 7) % 5, peer: (i * 3) % 4 }));
    const turned = pairs.map(({ ours, peer }) => ({ ours: peer, peer: ours }));
    const one = pairedBootstrap(pairs, means, { seed: 1 });
    const other = pairedBootstrap(turned, means, { seed: 1 });
    expect(other.p).toBe(one.p);
    expect(other.difference.value).toBe(-one.difference.value);
    expect(other.difference.low).toBeCloseTo(-one.difference.high, 12);
  });

  test('equal sides are not told apart; a side that is always ahead is, as far as the draws can tell', () => {
    const equal = Array.from({ length: 20 }, (_, i) => ({ ours: i, peer: i }));
    expect(pairedBootstrap(equal, means, { seed: 1, resamples: 99 }).p).toBe(1);
    const ahead = equal.map(({ peer }) => ({ ours: peer + 1, peer }));
    const { p, difference, ratio } = pairedBootstrap(ahead, means, { seed: 1, resamples: 99 });
    expect(p).toBe(0.02);
    expect(difference.value).toBe(1);
    expect(difference.low).toBeCloseTo(1, 12);
    expect(difference.high).toBeCloseTo(1, 12);
    expect(ratio!.value).toBeCloseTo(10.5 / 9.5, 12);
  });

  test('the same seed gives the same figures, another one others', () => {
    const pairs = Array.from({ length: 30 }, (_, i) => ({ ours: i % 3, peer: i % 2 }));
    const draw = (seed: number) => pairedBootstrap(pairs, means, { seed, resamples: 200 });
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5).difference.low).not.toBe(draw(6).difference.low);
  });

  test('a peer with nothing has no ratio; no questions are no comparison', () => {
    expect(pairedBootstrap([{ ours: 1, peer: 0 }], means, { seed: 1, resamples: 9 }).ratio).toBeNull();
    expect(() => pairedBootstrap([], means, { seed: 1 })).toThrow(RangeError);
  });
});
