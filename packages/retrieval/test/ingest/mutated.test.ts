import { expect, test } from 'vitest';
import { readMutated, SOUND } from './mutated-files.ts';

test.each(Object.keys(SOUND))('60 damaged files: a document or a coded error: %s', async (name) => {
  const outcomes = await readMutated(name, 60, 60);
  expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(60);
  // Damage that nothing noticed would mean that nothing was damaged.
  expect(outcomes.size).toBeGreaterThan(1);
});
