import { expect, test } from 'vitest';
import { readBroken } from './mutate-pdf.ts';

test('500 broken PDFs: each is read or refused by a code', () => {
  const { outcomes, faults } = readBroken(60, 560);
  expect(faults).toEqual([]);
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(500);
  expect(outcomes.read).toBeGreaterThan(100);
}, 600_000);
