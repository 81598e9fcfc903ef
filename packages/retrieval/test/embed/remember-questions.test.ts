import { expect, test } from 'vitest';
import { rememberQuestions } from '../../src/embed/remember-questions.ts';
import type { Embedder } from '../../src/index.ts';
import { OneAtATime } from '../../src/one-at-a-time.ts';

function counting(): Embedder & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    name: 'n',
    dimension: 1,
    longest: 7,
    spread: 0.5,
    tokens: (text) => text.length,
    embedQuestion: async (text) => {
      asked.push(text);
      return Float32Array.of(text.length);
    },
    embedPassages: async (texts) => texts.map(({ length }) => Float32Array.of(length)),
  };
}

test('the last questions are kept, the one used longest ago goes first', async () => {
  const inner = counting();
  const embedder = rememberQuestions(inner, 2);
  for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) {
    expect(await embedder.embedQuestion(text)).toEqual(Float32Array.of(1));
  }
  expect(inner.asked).toEqual(['a', 'b', 'c', 'b']);
});

test('who changes a vector changes it for himself', async () => {
  const embedder = rememberQuestions(counting());
  (await embedder.embedQuestion('abc'))[0] = 9;
  const again = await embedder.embedQuestion('abc');
  expect(again).toEqual(Float32Array.of(3));
  again[0] = 9;
  expect(await embedder.embedQuestion('abc')).toEqual(Float32Array.of(3));
});

test('an aborted question fails also when its vector is there; all else is the embedder itself', async () => {
  const embedder = rememberQuestions(counting());
  await embedder.embedQuestion('abc');
  await expect(embedder.embedQuestion('abc', AbortSignal.abort())).rejects.toThrow();
  expect(embedder).toMatchObject({ name: 'n', dimension: 1, longest: 7, spread: 0.5 });
  expect(embedder.tokens!('four')).toBe(4);
});

test('one at a time: the urgent before those that wait, a failure lets the next one go', async () => {
  const turns = new OneAtATime();
  const order: string[] = [];
  let running = 0;
  const work = (name: string) => async () => {
    expect(++running).toBe(1);
    await new Promise((done) => setTimeout(done, 2));
    order.push(name);
    running--;
    if (name === 'fails') throw new Error(name);
    return name;
  };
  const stopped = new AbortController();
  const all = [
    turns.take(work('first')),
    turns.take(work('fails')),
    turns.take(work('aborted'), { signal: stopped.signal }),
    turns.take(work('last')),
    turns.take(work('urgent'), { first: true }),
  ];
  stopped.abort();
  const ends = await Promise.allSettled(all);
  expect(order).toEqual(['first', 'urgent', 'fails', 'last']);
  expect(ends.map(({ status }) => status[0])).toEqual(['f', 'r', 'r', 'f', 'f']);
  expect(await turns.take(work('later'))).toBe('later');
});
