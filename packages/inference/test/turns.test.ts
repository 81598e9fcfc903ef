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

test('steps and the rest have half of the time each, however many the rest are', async () => {
  let clock = 0;
  const turns = new Turns(() => clock);
  const order: string[] = [];
  let asides = 0;
  const rest = Array.from({ length: 4 }, async () => {
    while (asides < 6) {
      await turns.take(async () => {
        asides++;
        order.push('a');
        clock += 20;
      });
    }
  });
  const steps = (async () => {
    while (asides < 6) {
      await turns.take(async () => {
        order.push('s');
        clock += 5;
      }, 'step');
    }
  })();
  await Promise.all([...rest, steps]);
  expect(order.join('').slice(0, 26)).toBe('assssassssassssassssassssa');
});

test('the rest have all of the time when nobody is answered', async () => {
  const turns = new Turns();
  const work = () => turns.take(async () => {});
  await turns.take(async () => {}, 'step');
  await Promise.all([work(), work(), work()]);
});

test('a turn tells what it has taken itself', async () => {
  const turns = new Turns();
  const joules = async (rounds: number) =>
    await turns.take(async (used) => {
      for (let i = 0; i < rounds; i++) Math.hypot(i, i);
      return used().energy.joules;
    });
  const [long, short] = await Promise.all([joules(1e7), joules(1)]);
  expect(short).toBeLessThan(long! / 3);
});
