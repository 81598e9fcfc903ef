import { describe, expect, test } from 'vitest';
import { planReading } from '../src/scheduler/plan-reading.ts';
import type { Slot } from '../src/scheduler/slot.ts';
import { StepBudget } from '../src/scheduler/step-budget.ts';

describe('what a step may read', () => {
  test.each([0.05, 0.4, 1, 3, 20])(
    'stays below the limit at %f ms per token, and comes near it',
    (perToken) => {
      const budget = new StepBudget({ limitMs: 250, most: 512 });
      let longest = 0;
      let tokens = 0;
      for (let step = 0; step < 40; step++) {
        const generating = step % 5;
        tokens = budget.room(generating);
        const ms = 2 + (tokens + generating) * perToken;
        if (tokens > 8) longest = Math.max(longest, ms);
        budget.measured(ms, { generating, reading: tokens });
      }
      expect(longest).toBeLessThanOrEqual(Math.max(250, 2 + 36 * perToken));
      expect(tokens).toBeGreaterThan(Math.min(500, 0.6 * (250 / perToken)));
      expect(tokens).toBeLessThanOrEqual(512);
    },
  );

  test('begins small, and is careful at once when a step was slow', () => {
    const budget = new StepBudget({ limitMs: 250, most: 512 });
    expect(budget.room(0)).toBe(32);
    for (let i = 0; i < 10; i++)
      budget.measured(budget.room(0) * 0.2, { generating: 0, reading: budget.room(0) });
    expect(budget.room(0)).toBe(512);
    budget.measured(1000, { generating: 0, reading: 500 });
    // 100 would fit; whole tiles are quicker.
    expect(budget.room(0)).toBe(64);
    expect(budget.room(40)).toBe(24);
  });

  test('slow steps of one size do not keep the others small', () => {
    const budget = new StepBudget({ limitMs: 250, most: 512 });
    // 30 rows one by one take longer than 128 in tiles.
    const cost = (rows: number) => rows * (rows < 64 ? 8 : 1.5);
    let rows = 0;
    for (let step = 0; step < 30; step++) {
      const reading = step % 3 === 0 ? 10 : budget.room(20);
      rows = reading + 20;
      budget.measured(cost(rows), { generating: 20, reading });
    }
    expect(budget.room(20)).toBeGreaterThanOrEqual(107);
    expect(budget.room(20)).toBeLessThanOrEqual(134);
  });

  test('one that was slow by chance is tried again', () => {
    const budget = new StepBudget({ limitMs: 250, most: 512 });
    const step = (msPerToken: number) => {
      const reading = budget.room(0);
      budget.measured(reading * msPerToken, { generating: 0, reading });
      return reading;
    };
    for (let i = 0; i < 10; i++) step(0.4);
    step(4);
    expect(step(0.4)).toBeLessThan(60);
    for (let i = 0; i < 30; i++) step(0.4);
    expect(step(0.4)).toBeGreaterThan(380);
  });

  test('however slow, reading goes on', () => {
    const budget = new StepBudget({ limitMs: 250, most: 512 });
    budget.measured(10_000, { generating: 0, reading: 32 });
    expect(budget.room(30)).toBe(8);
    expect(budget.room(512)).toBe(0);
  });
});

describe('who reads', () => {
  const slot = (length: number, read = 0) =>
    ({
      work: { tokens: new Array(length).fill(0) },
      branch: { length: read },
      planned: 1,
    }) as unknown as Slot;
  const plan = (lengths: number[], room: number) => {
    const slots = lengths.map((length) => slot(length));
    const given = planReading(slots, room);
    expect(given).toBe(slots.reduce((sum, { planned }) => sum + planned, 0));
    return slots.map(({ planned }) => planned);
  };

  test('short ones first, a quarter for the oldest', () => {
    expect(plan([1000, 20, 500, 30], 200)).toEqual([50, 20, 100, 30]);
    expect(plan([10, 20], 200)).toEqual([10, 20]);
    expect(plan([1000], 64)).toEqual([64]);
    expect(plan([1000, 40, 40], 40)).toEqual([10, 30, 0]);
    expect(plan([], 40)).toEqual([]);
    expect(plan([10, 20], 0)).toEqual([0, 0]);
  });
});
