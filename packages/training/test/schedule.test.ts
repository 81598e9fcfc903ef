import { describe, expect, test } from 'vitest';
import { learningRate } from '../src/schedule.ts';

const schedule = { lr: 4e-3, warmupSteps: 10, steps: 110, minLrRatio: 0.1 };

describe('learningRate', () => {
  test('rises linearly to the peak in exactly the warm-up', () => {
    expect(learningRate(0, schedule)).toBeCloseTo(4e-4, 12);
    expect(learningRate(4, schedule)).toBeCloseTo(2e-3, 12);
    expect(learningRate(9, schedule)).toBeCloseTo(4e-3, 12);
  });

  test('falls along half a cosine to the ratio at the last step, and stays', () => {
    // Half-way down is the mean of peak and end; a quarter of the way down the cosine is at cos 45°.
    expect(learningRate(59, schedule)).toBeCloseTo((4e-3 + 4e-4) / 2, 12);
    expect(learningRate(34, schedule)).toBeCloseTo(4e-4 + (3.6e-3 * (1 + Math.SQRT1_2)) / 2, 12);
    expect(learningRate(109, schedule)).toBeCloseTo(4e-4, 12);
    expect(learningRate(200, schedule)).toBeCloseTo(4e-4, 12);
  });

  test('never rises after the warm-up', () => {
    for (let step = 10; step < 109; step++) {
      expect(learningRate(step + 1, schedule)).toBeLessThan(learningRate(step, schedule));
    }
  });

  test('no warm-up and all warm-up are allowed', () => {
    expect(learningRate(0, { ...schedule, warmupSteps: 0, steps: 1 })).toBeCloseTo(4e-4, 12);
    expect(learningRate(4, { ...schedule, warmupSteps: 5, steps: 5 })).toBeCloseTo(4e-3, 12);
  });
});
