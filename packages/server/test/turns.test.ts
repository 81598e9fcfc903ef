import { expect, it } from 'vitest';
import { Turns } from '../src/rooms/turns.ts';

it('turns go to those who wait, the first come first; who leaves the line is passed over', async () => {
  const turns = new Turns(1);
  const first = await turns.take();
  const order: string[] = [];
  const left = new AbortController();
  const gone = turns.take(left.signal);
  const waiting = ['b', 'c'].map(async (name) => {
    using _turn = await turns.take();
    order.push(name);
  });
  left.abort(new Error('left'));
  await expect(gone).rejects.toThrow('left');
  first[Symbol.dispose]();
  // Twice is once.
  first[Symbol.dispose]();
  await Promise.race([Promise.all(waiting), new Promise((resolve) => setTimeout(resolve, 1000))]);
  expect(order).toEqual(['b', 'c']);
  await expect(turns.take(AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
});
