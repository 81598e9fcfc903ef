import { Random } from '@lucie/ledger';
import { describe, expect, it } from 'vitest';
import { bootstrap, quantile, share } from '../src/bootstrap.ts';

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('bootstrap', () => {
  it('covers the true mean of a known distribution about 95 times in 100', () => {
    const random = new Random(11);
    let covered = 0;
    const trials = 400;
    for (let trial = 0; trial < trials; trial++) {
      const units = Array.from({ length: 60 }, () => 3 + 2 * random.normal());
      const { low, high } = bootstrap(units, mean, { seed: trial, resamples: 300 });
      if (low <= 3 && 3 <= high) covered++;
    }
    // Percentile intervals of 60 units cover slightly less than 95 %; three standard errors of 400 trials are 3.3 %.
    expect(covered / trials).toBeGreaterThan(0.905);
    expect(covered / trials).toBeLessThan(0.98);
  });

  it('has the width that theory gives for a mean: 2 · 1.96 · σ / √n', () => {
    const random = new Random(3);
    const units = Array.from({ length: 400 }, () => random.normal());
    const m = mean(units);
    const sigma = Math.sqrt(mean(units.map((unit) => (unit - m) ** 2)));
    const { low, high, value, n } = bootstrap(units, mean, { seed: 1, resamples: 4000 });
    expect(value).toBe(m);
    expect(n).toBe(400);
    expect((high - low) / ((2 * 1.96 * sigma) / 20)).toBeCloseTo(1, 1);
  });

  it('depends on the seed alone', () => {
    const units = Array.from({ length: 30 }, (_, i) => (i * i) % 7);
    const once = bootstrap(units, mean, { seed: 5 });
    expect(bootstrap(units, mean, { seed: 5 })).toEqual(once);
    expect(bootstrap(units, mean, { seed: 6 })).not.toEqual(once);
  });

  it('draws every unit, the last included', () => {
    const units = [1, 2, 3, 4, 5];
    const seen = new Set<number>();
    const note = (drawn: number[]) => {
      if (drawn !== units) for (const unit of drawn) seen.add(unit);
      return 0;
    };
    bootstrap(units, note, { seed: 1, resamples: 50 });
    expect([...seen].sort()).toEqual(units);
    const single = bootstrap([4], mean, { seed: 1, resamples: 10 });
    expect(single).toEqual({ value: 4, low: 4, high: 4, n: 1 });
  });

  it('refuses no units', () => {
    expect(() => bootstrap([], mean, { seed: 1 })).toThrow(RangeError);
  });
});

describe('quantile', () => {
  it('interpolates between neighbours (type 7, worked out by hand)', () => {
    const sorted = Float64Array.from([1, 2, 4, 8, 16]);
    expect([0, 0.025, 0.5, 0.9, 1].map((share) => quantile(sorted, share))).toEqual([1, 1.1, 4, 12.8, 16]);
  });
});

describe('share', () => {
  it('counts what is true', () => {
    expect(share([true, false, true, true])).toBe(0.75);
  });
});
