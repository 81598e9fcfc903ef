import { describe, expect, test } from 'vitest';
import { BatchWidth } from '../src/scheduler/batch-width.ts';

/** Steps of a machine on which rows cost `plain` or, filled up, `wide` milliseconds; how many were filled up. */
function filled(width: BatchWidth, cost: { plain: number; wide: number }, steps: number): number {
  let wide = 0;
  for (let step = 0; step < steps; step++) {
    const fillers = width.fillers(30, 2500);
    if (fillers > 0) wide++;
    width.measured(fillers > 0 ? cost.wide : cost.plain, { rows: 30, fillers, cells: 2500 });
  }
  return wide;
}

describe('rows that nobody needs', () => {
  test('fill up to a tile where that is quicker, and hardly ever where it is not', () => {
    expect(filled(new BatchWidth(), { plain: 256, wide: 201 }, 200)).toBeGreaterThan(190);
    expect(filled(new BatchWidth(), { plain: 201, wide: 256 }, 200)).toBeLessThan(8);
    expect(new BatchWidth().fillers(30, 2500)).toBe(0);
    const width = new BatchWidth();
    for (let i = 0; i < 2; i++) width.measured(256, { rows: 30, fillers: 0, cells: 2500 });
    expect(width.fillers(30, 2500)).toBe(34);
    expect(width.fillers(25, 4000)).toBe(39);
  });

  test('a machine that changes is noticed', () => {
    const width = new BatchWidth();
    filled(width, { plain: 256, wide: 201 }, 100);
    filled(width, { plain: 100, wide: 201 }, 400);
    expect(filled(width, { plain: 100, wide: 201 }, 100)).toBeLessThan(5);
  });

  test('are never added to few rows, to a short memory, or to a whole tile', () => {
    const width = new BatchWidth();
    for (const [rows, cells] of [
      [11, 4000],
      [30, 700],
      [64, 4000],
      [500, 4000],
      [1, 100_000],
    ] as const) {
      for (let i = 0; i < 10; i++) {
        expect(width.fillers(rows, cells)).toBe(0);
        width.measured(1000, { rows, fillers: 0, cells });
      }
    }
  });
});
