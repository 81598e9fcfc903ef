import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { byteToken, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { Engine, type EngineOptions, type GenerateOptions } from '../src/index.ts';

let dir: string;
let path: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-scheduler-'));
  path = await writeTinyGguf(dir);
});
afterAll(() => rm(dir, { recursive: true }));

const load = (opts: EngineOptions = {}) =>
  Engine.load(path, { threads: 1, prefixDir: false, trial: false, ...opts });
const random = (name: string) => {
  const source = new Random(11, name);
  return (length: number) => Array.from({ length }, () => byteToken(97 + source.below(26)));
};
const answer = { temperature: 0, stopIds: [], maxTokens: 8 };

async function tokensOf(engine: Engine, options: GenerateOptions): Promise<number[]> {
  const chunks = await Array.fromAsync(engine.generate({ ...answer, ...options }));
  return chunks.map(({ token }) => token);
}

/**
 * llama.cpp's sums depend on what else is in the batch and on where in memory the cells are, in their last bits. Where
 * two answers part, the two tokens must have been as good as equally likely.
 */
async function expectSame(got: number[][], expected: number[][], prompts: number[][]): Promise<void> {
  await using engine = await load({ sequences: 1 });
  for (const [i, tokens] of got.entries()) {
    expect(tokens.length).toBe(expected[i]!.length);
    const at = tokens.findIndex((token, place) => token !== expected[i]![place]);
    if (at < 0) continue;
    const row = (await engine.logits([...prompts[i]!, ...tokens.slice(0, at)])).at(-1)!;
    expect(Math.abs(row[tokens[at]!]! - row[expected[i]![at]!]!)).toBeLessThan(0.01);
  }
}

/** What each says when nothing is shared and nobody else is there. */
async function alone(prompts: number[][], opts: GenerateOptions = {}): Promise<number[][]> {
  await using engine = await load({ sequences: 1 });
  const answers: number[][] = [];
  for (const tokens of prompts) {
    answers.push(await tokensOf(engine, { tokens, cachePrompt: false, ...opts }));
  }
  expect(engine.stats).toMatchObject({ reusedTokens: 0, prefixHits: 0, keptPrefixes: 0, cells: 0 });
  return answers;
}

describe('shared prefixes', () => {
  test('a mix of prompts that share, end, come and go says what each would say alone', async () => {
    const words = random('mix');
    const courses = [words(90), words(33), []];
    const prompts = Array.from({ length: 24 }, (_, i) => [...courses[i % 3]!, ...words(1 + ((i * 7) % 40))]);
    prompts.push(prompts[0]!, prompts[1]!.slice(0, 20), [...prompts[2]!, ...words(4)]);
    const expected = await alone(prompts);
    await using engine = await load({ sequences: 5, contextSize: 256, cacheTokens: 700 });
    const first = prompts.map((tokens) => tokensOf(engine, { tokens }));
    await expectSame(await Promise.all(first), expected, prompts);
    // Again, when what the first left is there.
    const second = prompts.map((tokens) => tokensOf(engine, { tokens }));
    await expectSame(await Promise.all(second), expected, prompts);
    const { reusedTokens, promptTokens, cells, cellsTotal } = engine.stats;
    expect(reusedTokens).toBeGreaterThan(promptTokens);
    expect(cells).toBeLessThanOrEqual(cellsTotal);
  });

  test('thirty who ask at once read their course once', async () => {
    const words = random('class');
    const course = words(200);
    const prompts = Array.from({ length: 30 }, (_, i) => [...course, byteToken(128 + i), ...words(5)]);
    await using engine = await load({ sequences: 8, contextSize: 256, cacheTokens: 1024 });
    const running = prompts.map((tokens) => engine.generate({ ...answer, tokens, maxTokens: 3 }));
    await Promise.all(running.map((each) => each.text()));
    expect(engine.stats.promptTokens).toBe(200 + 30 * 6);
    expect(running.map(({ cachedTokens }) => cachedTokens)).toEqual([0, ...Array(29).fill(200)]);
  });

  test('the next turn of a conversation starts where the last one ended', async () => {
    const words = random('turns');
    const tokens = words(40);
    await using engine = await load();
    const reply = await tokensOf(engine, { tokens });
    const next = engine.generate({ ...answer, tokens: [...tokens, ...reply, ...words(5)] });
    await next.text();
    // The last token of a reply was never read.
    expect(next.cachedTokens).toBe(40 + 8 - 1);
    const again = engine.generate({ ...answer, tokens });
    await again.text();
    expect([again.promptTokens, again.cachedTokens]).toEqual([40, 39]);
  });

  test('rooms do not see what other rooms have read, and all see what was warmed', async () => {
    const words = random('rooms');
    const [course, secret] = [words(60), words(60)];
    const cached = async (tokens: number[], room?: string) => {
      const generation = engine.generate({ ...answer, tokens: [...tokens, 7], ...(room && { room }) });
      await generation.text();
      return generation.cachedTokens;
    };
    await using engine = await load();
    expect(await engine.warm(course)).toEqual({ tokens: 60, reused: 0, kept: true, stored: false });
    expect(await engine.warm(course)).toEqual({ tokens: 60, reused: 60, kept: true, stored: false });
    expect(await cached(course, 'A')).toBe(60);
    expect(await cached(secret, 'A')).toBe(0);
    expect(await cached(secret, 'B')).toBe(0);
    expect(await cached(secret)).toBe(0);
    expect(await cached(secret, 'A')).toBe(60);
    expect(await cached(course)).toBe(60);
    // What only rooms have read is not made public by warming it: it is read for everybody.
    expect((await engine.warm(secret)).reused).toBe(0);
    expect(await cached(secret, 'C')).toBe(60);
  });

  test('cachePrompt: false neither takes nor leaves', async () => {
    const tokens = random('private')(50);
    await using engine = await load();
    const generation = engine.generate({ ...answer, tokens, cachePrompt: false });
    await generation.text();
    await engine.generate({ ...answer, tokens, maxTokens: 1 }).text();
    expect(engine.stats.reusedTokens).toBe(0);
  });
});

describe('room for all', () => {
  test('answers that do not fit together are put back and go on, and say what they would alone', async () => {
    const words = random('crowd');
    const prompts = Array.from({ length: 10 }, () => words(30));
    const expected = await alone(prompts, { maxTokens: 60 });
    await using engine = await load({ sequences: 8, contextSize: 128, cacheTokens: 256 });
    const answers = prompts.map((tokens) => tokensOf(engine, { tokens, maxTokens: 60 }));
    await expectSame(await Promise.all(answers), expected, prompts);
    const { preemptions, cells, cellsTotal, active, waiting } = engine.stats;
    expect(preemptions).toBeGreaterThan(0);
    expect(cells).toBeLessThanOrEqual(cellsTotal);
    expect([active, waiting]).toEqual([0, 0]);
  });

  test('kept prefixes make room for those at work', async () => {
    const words = random('evict');
    await using engine = await load({ sequences: 2, contextSize: 128, cacheTokens: 160 });
    for (let i = 0; i < 6; i++) await engine.generate({ ...answer, tokens: words(100) }).text();
    expect(engine.stats).toMatchObject({ preemptions: 0, cells: 107 });
    expect(engine.stats.evictions).toBeGreaterThan(4);
  });

  test('cancels at random: the others say what they would alone, and nothing stays behind', async () => {
    const words = random('cancel');
    const prompts = Array.from({ length: 40 }, (_, i) => words(5 + i));
    const expected = await alone(prompts);
    await using engine = await load({ sequences: 4, contextSize: 64, cacheTokens: 200 });
    const source = new Random(2, 'cancel');
    const results = prompts.map(async (tokens) => {
      const generation = engine.generate({ ...answer, tokens });
      const stopAt = source.below(3) === 0 ? source.below(6) : Infinity;
      if (stopAt === 0) generation.cancel();
      const got: number[] = [];
      for await (const { token } of generation) {
        got.push(token);
        if (got.length === stopAt) generation.cancel();
      }
      expect(generation.finishReason).toBe(got.length === 8 ? 'length' : 'cancelled');
      return got;
    });
    const got = await Promise.all(results);
    await expectSame(
      got,
      expected.map((tokens, i) => tokens.slice(0, got[i]!.length)),
      prompts,
    );
    expect(engine.load).toEqual({ active: 0, waiting: 0 });
    expect(await tokensOf(engine, { tokens: prompts[3]! })).toEqual(expected[3]);
  });

  test('a long prompt is read in steps, and others are answered meanwhile', async () => {
    const words = random('long');
    await using engine = await load({ sequences: 2, contextSize: 256 });
    const order: string[] = [];
    const long = engine.generate({ ...answer, tokens: words(250), maxTokens: 1 }).text();
    const short = engine.generate({ ...answer, tokens: words(3), maxTokens: 2, room: 'other' }).text();
    await Promise.all([long.then(() => order.push('long')), short.then(() => order.push('short'))]);
    expect(order).toEqual(['short', 'long']);
    expect(engine.stats.steps).toBeGreaterThan(2);
  });
});

describe('a place in line', () => {
  test('it is told as it changes, and 0 at work', async () => {
    const words = random('line');
    await using engine = await load({ sequences: 1 });
    const running = [0, 1, 2].map((i) => engine.generate({ ...answer, tokens: words(5 + i) }));
    const places: number[][] = [[], [], []];
    running.forEach((each, i) => {
      each.onPlace = (place) => places[i]!.push(place);
    });
    expect(running.map(({ place }) => place)).toEqual([1, 2, 3]);
    await Promise.all(running.map((each) => each.text()));
    expect(places).toEqual([[0], [1, 0], [2, 1, 0]]);
    expect(running.map(({ place }) => place)).toEqual([0, 0, 0]);
  });

  test("one person's many requests do not hold back another's one", async () => {
    const words = random('fair');
    await using engine = await load({ sequences: 1 });
    const done: string[] = [];
    const ask = (person: string) =>
      engine
        .generate({ ...answer, tokens: words(10), room: 'A', person })
        .text()
        .then(() => done.push(person));
    await Promise.all([...Array.from({ length: 6 }, () => ask('many')), ask('one')]);
    expect(done.indexOf('one')).toBe(1);
  });

  test('a deadline ends it, in line and at work', async () => {
    const words = random('deadline');
    await using engine = await load({ sequences: 1, contextSize: 256 });
    const working = engine.generate({ ...answer, tokens: words(5), maxTokens: 200, deadlineMs: 15 });
    const inLine = engine.generate({ ...answer, tokens: words(5), maxTokens: 200, deadlineMs: 1 });
    const texts = await Promise.all([working.text(), inLine.text()]);
    expect([working.finishReason, inLine.finishReason]).toEqual(['deadline', 'deadline']);
    expect(texts[1]).toBe('');
    // The step under way when it ended is still counted.
    await vi.waitFor(() => expect(engine.load).toEqual({ active: 0, waiting: 0 }));
  });
});

describe('alone', () => {
  test('deterministic answers are the same to the last bit, whatever else goes on', async () => {
    const words = random('alone');
    await using engine = await load({ sequences: 8, contextSize: 256, cacheTokens: 1024 });
    const tokens = words(100);
    const options = { tokens, topLogprobs: 3, deterministic: true, temperature: 1, seed: 4, stopIds: [] };
    const take = () => Array.fromAsync(engine.generate({ ...options, maxTokens: 20 }));
    const first = await take();
    const others = Array.from({ length: 8 }, (_, i) =>
      engine.generate({ ...answer, tokens: [...tokens.slice(0, 60), ...words(i + 1)], maxTokens: 60 }).text(),
    );
    expect(await take()).toEqual(first);
    expect(await take()).toEqual(first);
    await Promise.all(others);
    expect(first.length).toBe(20);
    expect(first.every(({ logprob, top }) => logprob! < 0 && top!.length === 3)).toBe(true);
  });
});

test('each answer has its share of the energy, by its tokens', async () => {
  const words = random('energy');
  await using engine = await load();
  const [small, large] = [3, 200].map((length) =>
    engine.generate({ ...answer, tokens: words(length), maxTokens: 2 }),
  );
  await Promise.all([small!.text(), large!.text()]);
  expect(small!.energy.joules).toBeGreaterThan(0);
  expect(large!.energy.joules).toBeGreaterThan(small!.energy.joules);
  expect(['rapl', 'estimate']).toContain(small!.energy.method);
});

test('without topLogprobs there are none; a chunk has its own bytes', async () => {
  await using engine = await load();
  const chunks = await Array.fromAsync(engine.generate({ ...answer, prompt: 'Un été' }));
  expect(chunks.every((chunk) => !('logprob' in chunk) && !('top' in chunk))).toBe(true);
  expect(Buffer.concat(chunks.map(({ bytes }) => bytes)).toString()).toBe(
    engine.detokenize(chunks.map(({ token }) => token)),
  );
});

test('a line that is full takes nobody any more, until somebody is served', async () => {
  const words = random('full');
  await using engine = await load({ sequences: 1, maxWaiting: 3 });
  const ask = () => engine.generate({ ...answer, tokens: words(4) });
  const taken = [ask(), ask(), ask()];
  expect(ask).toThrow(expect.objectContaining({ code: 'QUEUE_FULL' }));
  await taken[0]!.text();
  expect(await ask().text()).not.toBe('');
});

test('one answer must fit into the memory', async () => {
  await expect(load({ contextSize: 256, cacheTokens: 255 })).rejects.toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID' }),
  );
});

test('rows that only make a step wide change no answer and leave nothing behind', async () => {
  const words = random('wide');
  const course = words(220);
  const prompts = Array.from({ length: 16 }, (_, i) => [...course, byteToken(128 + i), ...words(i)]);
  const expected = await alone(prompts, { maxTokens: 20 });
  await using engine = await load({ sequences: 16, contextSize: 256, cacheTokens: 2048 });
  // Somebody else's cells, in use all the while: steps are widened only where there is much to attend to.
  const other = engine.generate({ ...answer, tokens: words(230), maxTokens: 25, room: 'B' }).text();
  const answers = prompts.map((tokens) => tokensOf(engine, { tokens, maxTokens: 20 }));
  await expectSame(await Promise.all(answers), expected, prompts);
  await other;
  expect(engine.stats.fillers).toBeGreaterThan(0);
});
