import { expect, test } from 'vitest';
import { readMutated, SOUND } from './mutated-files.ts';

test.each(Object.keys(SOUND))(
  '500 damaged files: a document or a coded error: %s',
  async (name) => {
    const outcomes = await readMutated(name, 500, 25);
    expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(500);
  },
  300_000,
);
