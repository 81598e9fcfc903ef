import { expect, test } from 'vitest';
import { Turns } from '../src/scheduler/turns.ts';

test('one at a time, in the order of asking, whatever fails', async () => {
  const turns = new Turns();
  const done: string[] = [];
  let busy = 0;
  const work = (name: string, waits: number, fails = false) =>
    turns.take(async () => {
      expect(++busy).toBe(1);
      for (let i = 0; i < waits; i++) await null;
      busy--;
      done.push(name);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work('a', 9), work('b', 1, true), work('c', 5), work('d', 0)]);
  expect(done).toEqual(['a', 'b', 'c', 'd']);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
});
