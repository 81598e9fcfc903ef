import { describe, expect, test } from 'vitest';
import { EventReader } from '../serve/event-reader.ts';
import {
  bestOf,
  checked,
  firstTokenP95,
  memoryAround,
  percentile,
  tokensPerSecond,
  totalSeconds,
} from '../serve/figures.ts';
import { FrenchLike } from '../serve/french-like.ts';
import type { Measured } from '../serve/plan.ts';
import {
  classroomRequests,
  DRAWN,
  enduranceRequests,
  fullSizes,
  GREEDY,
  throughputRequests,
} from '../serve/workload.ts';

const measured = (changes: Partial<Measured>): Measured => ({
  ...{ status: 200, sent: 0, first: 10, end: 1000, promptTokens: 5, cachedTokens: 0, completionTokens: 8 },
  cancelled: false,
  ...changes,
});

describe('figures', () => {
  test('a percentile is a value that occurs, by nearest rank', () => {
    const values = Array.from({ length: 30 }, (_, i) => 30 - i);
    expect(percentile(values, 0.95)).toBe(29);
    expect(percentile(values, 1)).toBe(30);
    expect(percentile(values, 0.5)).toBe(15);
    expect(percentile([7], 0.95)).toBe(7);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });

  test('tokens per second count from the first sending to the last end', () => {
    const both = [measured({ sent: 500, end: 1500 }), measured({ sent: 1000, end: 4500 })];
    expect(totalSeconds(both)).toBe(4);
    expect(tokensPerSecond(both)).toBe(4);
  });

  test('waiting counts from the sending, not from the start', () => {
    const waits = Array.from({ length: 20 }, (_, i) => measured({ sent: 100 * i, first: 100 * i + i }));
    expect(firstTokenP95(waits)).toBe(18);
  });

  test('the best setting is the highest or the lowest of that figure', () => {
    const tried = [
      { setting: 'a', values: [3, 3] },
      { setting: 'b', values: [9, 9] },
      { setting: 'c', values: [5, 1] },
    ];
    expect(bestOf(tried, 0, 'higher')).toBe('b');
    expect(bestOf(tried, 1, 'lower')).toBe('c');
  });

  test('memory is the median of what was seen near a number of requests', () => {
    const memory = [100, 1900, 2000, 2100, 2500, 9800, 10_000].map((ended) => ({ ended, bytes: ended * 2 }));
    expect(memoryAround(memory, { ended: 2000, settled: 2000 })).toBe(4000);
    expect(memoryAround(memory, { ended: 10_000, settled: 2000 })).toBe(19_800);
  });

  test('answers that are short, failed or without text are no ground for a figure', () => {
    const good = [measured({}), measured({})];
    expect(checked('x', good, { tokens: 8 })).toBe(good);
    const { first: _, ...silent } = measured({});
    for (const bad of [measured({ completionTokens: 7 }), measured({ error: 'status 500: x' }), silent]) {
      expect(() => checked('x', [measured({}), bad], { tokens: 8 })).toThrow(
        expect.objectContaining({ code: 'BENCH_ANSWER_WRONG' }),
      );
    }
  });
});

describe('reader of events', () => {
  const usage =
    '"usage":{"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":4}}';
  const chat = [
    ': keep-alive',
    'data: {"choices":[{"delta":{"role":"assistant","content":null}}]}',
    'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}',
    'data: {"choices":[{"delta":{"content":"é « \\"usage\\":{ »"}}]}',
    'data: {"choices":[{"delta":{"content":" b"}}]}',
    `data: {"choices":[],${usage}}`,
    'data: [DONE]',
  ];

  test.each([1, 2, 7, 64, 10_000])('the same facts when the stream comes in pieces of %i bytes', (size) => {
    let firsts = 0;
    const reader = new EventReader(() => firsts++);
    const bytes = Buffer.from(`${chat.join('\n\n')}\n\n`);
    const seen: number[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      reader.push(bytes.subarray(at, at + size));
      if (firsts === 1 && seen.length === 0) seen.push(at);
    }
    expect(firsts).toBe(1);
    // Not at the chunks that only name the role.
    expect(seen[0]! + size).toBeGreaterThan(bytes.indexOf('é'));
    expect(reader.facts).toEqual({ promptTokens: 9, cachedTokens: 4, completionTokens: 3, done: true });
  });

  test('completions, and errors in the middle', () => {
    let firsts = 0;
    const reader = new EventReader(() => firsts++);
    reader.push(Buffer.from('data: {"choices":[{"text":""}]}\n\ndata: {"choices":[{"text":"a"}]}\n\n'));
    expect(firsts).toBe(1);
    reader.push(Buffer.from('data: {"error":{"message":"plus de place"}}\n\n'));
    expect(reader.facts).toMatchObject({ done: false, error: 'plus de place' });
  });

  test('usage that comes with the last text counts', () => {
    const reader = new EventReader(() => {});
    reader.push(Buffer.from(`data: {"choices":[{"text":"a"}],${usage}}\n\ndata: [DONE]\n\n`));
    expect(reader.facts).toMatchObject({ completionTokens: 3, done: true });
  });
});

describe('what is sent', () => {
  const sizes = fullSizes;
  const prompts = (requests: { body: Record<string, unknown> }[]) => requests.map(({ body }) => body.prompt);

  test('the sizes are those that the issue names', () => {
    expect(sizes).toMatchObject({
      ...{ parallel: [1, 4, 8], pupils: 30, arrivalMs: 2000, requests: 10_000, settled: 2000, tokens: 128 },
    });
  });

  test('throughput: no prompt comes twice, in one run or in two, and both halves get the same', () => {
    const of = (run: number) => throughputRequests(8, { sizes, model: 'm', run, sampling: GREEDY });
    expect(of(1)).toEqual(of(1));
    const all = [0, 1, 2].flatMap((run) => prompts(of(run)));
    expect(new Set(all).size).toBe(3 * 8 * sizes.rounds);
    expect(of(1)[0]!.body).toMatchObject({ max_tokens: 128, temperature: 0, stream: true });
    const drawn = throughputRequests(8, { sizes, model: 'm', run: 1, sampling: DRAWN });
    expect(drawn[0]!.body).toMatchObject({ temperature: 0.8, top_k: 40 });
  });

  test('the class: one course, another question each, arrivals in order within two seconds', () => {
    const { warm, requests } = classroomRequests({ sizes, model: 'm', run: 1 });
    expect(warm).toHaveLength(1);
    expect(requests).toHaveLength(30);
    const messages = [...warm, ...requests].map(({ body }) => body.messages as { content: string }[]);
    expect(new Set(messages.map(([course]) => course!.content)).size).toBe(1);
    expect(new Set(messages.map(([, question]) => question!.content)).size).toBe(31);
    expect(messages[0]![0]!.content.split(' ').length).toBeGreaterThan(1000);
    const times = requests.map(({ at }) => at!);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(0);
    expect(times.at(-1)).toBeLessThan(2000);
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(1000);
    expect(new Set(requests.map(({ body }) => body.room))).toEqual(new Set(['classe']));
    expect(new Set(requests.map(({ body }) => body.person)).size).toBe(30);
    const other = classroomRequests({ sizes, model: 'm', run: 2 });
    expect(other.requests.map(({ at }) => at)).not.toEqual(times);
  });

  test('endurance: two of five hang up, within the time of an answer', () => {
    const requests = enduranceRequests({ sizes: { ...sizes, requests: 2000 }, model: 'm' });
    const cancels = requests.filter(({ cancelAfter }) => cancelAfter !== undefined);
    expect(requests).toHaveLength(2000);
    expect(cancels.length).toBeGreaterThan(700);
    expect(cancels.length).toBeLessThan(900);
    const paths = requests.map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['/v1/completions', '/v1/chat/completions']));
    for (const { path, body } of requests) expect('messages' in body).toBe(path.includes('chat'));
  });
});

test('the made French is the same for the same seed, and made of sentences', () => {
  const text = new FrenchLike(5).text(400);
  expect(new FrenchLike(5).text(400)).toBe(text);
  expect(new FrenchLike(6).text(400)).not.toBe(text);
  expect(text.split(/\s+/)).toHaveLength(400);
  expect(text.split('. ').length).toBeGreaterThan(10);
});
