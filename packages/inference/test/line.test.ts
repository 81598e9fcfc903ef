import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { byteToken, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { Engine, type EngineOptions, type GenerateOptions } from '../src/index.ts';
import { processTurns } from '../src/scheduler/turns.ts';
import { writeRecurrentGguf } from './recurrent-model.ts';

let dir: string;
let path: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-line-'));
  path = await writeTinyGguf(dir);
});
afterAll(() => rm(dir, { recursive: true }));

const load = (opts: EngineOptions = {}, file = path) =>
  Engine.load(file, { threads: 1, prefixDir: false, trial: false, ...opts });
const source = new Random(4, 'line');
const words = (length: number) => Array.from({ length }, () => byteToken(97 + source.below(26)));
const answer = { temperature: 0, stopIds: [], maxTokens: 8 };

test('two models take turns, whatever they do', async () => {
  await using first = await load();
  await using second = await load();
  const held = Promise.withResolvers<void>();
  const turn = processTurns.take(() => held.promise);
  const ask = (engine: Engine, opts: GenerateOptions = {}) =>
    engine.generate({ ...answer, tokens: words(5), ...opts });
  const asked = [ask(first), ask(second), ask(first, { deterministic: true })];
  const texts = Promise.all(asked.map((each) => each.text()));
  const embedding = second.embed([words(4)]);
  const rows = first.logits(words(3));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(asked.map(({ completionTokens }) => completionTokens)).toEqual([0, 0, 0]);
  held.resolve();
  await turn;
  await texts;
  expect(asked.map(({ completionTokens }) => completionTokens)).toEqual([8, 8, 8]);
  expect((await embedding).queuedMs).toBeGreaterThan(0);
  expect((await rows).length).toBe(3);
});

describe('in line', () => {
  test('those who want to be alone stand in the same line as the others, on the same account', async () => {
    await using engine = await load({ sequences: 1 });
    const ask = (person: string, deterministic: boolean) =>
      engine.generate({ ...answer, tokens: words(5), room: 'A', person, deterministic });
    const asked = [ask('x', true), ask('x', true), ask('x', false), ask('y', false)];
    expect(asked.map(({ place }) => place)).toEqual([1, 3, 4, 2]);
    expect(engine.load).toEqual({ active: 0, waiting: 4 });
    await Promise.all(asked.map((each) => each.text()));
    expect(engine.load.waiting).toBe(0);
  });

  test('who wants to be alone goes on from nothing that others have left', async () => {
    await using engine = await load();
    const tokens = words(50);
    await engine.generate({ ...answer, tokens }).text();
    const beside = engine.generate({ ...answer, tokens, maxTokens: 100 });
    const alone = [0, 1, 2].map(() => engine.generate({ ...answer, tokens, deterministic: true }));
    await Promise.all([beside, ...alone].map((each) => each.text()));
    expect(beside.cachedTokens).toBe(49);
    expect(alone.map(({ cachedTokens }) => cachedTokens)).toEqual([0, 0, 0]);
  });

  test('a context for those alone that cannot be made fails them and nobody else', async () => {
    await using engine = await load({ sequences: 1 });
    const failing = vi.spyOn(processTurns, 'take').mockRejectedValueOnce(new Error('no memory'));
    const alone = engine.generate({ ...answer, tokens: words(5), deterministic: true });
    const other = engine.generate({ ...answer, tokens: words(5) });
    await expect(alone.text()).rejects.toThrow('no memory');
    failing.mockRestore();
    await other.text();
    const again = engine.generate({ ...answer, tokens: words(5), deterministic: true });
    await again.text();
    expect(again.completionTokens).toBe(8);
    expect(engine.load).toEqual({ active: 0, waiting: 0 });
  });

  test('who listens to the place and throws fails alone', async () => {
    await using engine = await load({ sequences: 1 });
    const [first, second, third] = [1, 2, 3].map(() => engine.generate({ ...answer, tokens: words(5) }));
    second!.onPlace = () => {
      throw new Error('listener');
    };
    const texts = await Promise.allSettled([first!.text(), second!.text(), third!.text()]);
    expect(texts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(texts[1]).toMatchObject({ reason: { message: 'listener' } });
  });

  test('one that did not fit in and left holds up nobody', async () => {
    await using engine = await load({ sequences: 4, contextSize: 256, cacheTokens: 256 });
    const long = engine.generate({ ...answer, tokens: words(10), maxTokens: 200 });
    const chunks = long[Symbol.asyncIterator]();
    await chunks.next();
    const crowding = engine.generate({ ...answer, tokens: words(240) });
    for (let i = 0; i < 3; i++) await chunks.next();
    expect(crowding.place).toBe(1);
    crowding.cancel();
    const small = engine.generate({ ...answer, tokens: words(5), maxTokens: 2 }).text();
    const rest = (async () => {
      while (!(await chunks.next()).done);
      return 'the long one';
    })();
    expect(await Promise.race([small.then(() => 'the small one'), rest])).toBe('the small one');
  });

  test.each([{ maxTokens: Number.NaN }, { maxTokens: 2.5 }, { maxTokens: -1 }, { deadlineMs: Number.NaN }])(
    '%o is refused',
    async (opts) => {
      await using engine = await load();
      expect(() => engine.generate({ ...answer, tokens: words(5), ...opts })).toThrow(
        expect.objectContaining({ code: 'OPTION_INVALID' }),
      );
    },
  );

  test('a deadline beyond what a timer takes is far away', async () => {
    await using engine = await load();
    const generation = engine.generate({ ...answer, tokens: words(5), deadlineMs: 3e9 });
    await generation.text();
    expect(generation.finishReason).toBe('length');
  });
});

test('cachePrompt: false leaves nothing, also when put back in line', async () => {
  await using engine = await load({ sequences: 2, contextSize: 128, cacheTokens: 128 });
  const asked = [words(20), words(20)].map((tokens) =>
    engine.generate({ ...answer, tokens, maxTokens: 100, cachePrompt: false }),
  );
  const texts = Promise.all(asked.map((each) => each.text()));
  await vi.waitFor(() => expect(engine.stats.preemptions).toBeGreaterThan(0), { interval: 1 });
  for (const each of asked) each.cancel();
  await texts;
  await vi.waitFor(() => expect(engine.load).toEqual({ active: 0, waiting: 0 }));
  expect(engine.stats).toMatchObject({ keptPrefixes: 0, cells: 0 });
});

describe('warming', () => {
  test('can be broken off, in line and at work, and others go on', async () => {
    await using engine = await load({ sequences: 1, contextSize: 1024 });
    const reason = new Error('not any more');
    const tokens = words(900);
    await expect(engine.warm(tokens, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const control = new AbortController();
    const [atWork, inLine] = [tokens, words(30)].map((each) => engine.warm(each, { signal: control.signal }));
    const settled = Promise.allSettled([atWork, inLine]);
    await vi.waitFor(() => expect(engine.stats.steps).toBeGreaterThan(0), { interval: 1 });
    control.abort(reason);
    expect(await settled).toMatchObject([{ reason }, { reason }]);
    expect(await engine.generate({ ...answer, tokens: words(5) }).text()).not.toBe('');
    expect(await engine.warm(tokens)).toMatchObject({ tokens: 900, kept: true });
  });

  test('a model whose memory cannot be shared says that nothing was kept, and reads nothing', async () => {
    const file = await writeRecurrentGguf(join(dir, 'recurrent.gguf'));
    await using engine = await load({ prefixDir: join(dir, 'prefixes') }, file);
    expect(await engine.warm(words(40))).toEqual({ tokens: 40, reused: 0, kept: false, stored: false });
    expect(engine.stats.steps).toBe(0);
    expect(await engine.generate({ ...answer, tokens: words(5) }).text()).not.toBe('');
  });

  test('a course on disk that does not fit in now costs nobody his prefix, and is there afterwards', async () => {
    const opts = { prefixDir: join(dir, 'courses'), contextSize: 256, cacheTokens: 256 };
    const course = words(150);
    await using before = await load(opts);
    await before.warm(course);
    await before.close();
    await using engine = await load({ ...opts, sequences: 4 });
    const long = engine.generate({ ...answer, tokens: words(130), maxTokens: 60, room: 'A' });
    const chunks = long[Symbol.asyncIterator]();
    await chunks.next();
    await engine.generate({ ...answer, tokens: words(20), maxTokens: 1, room: 'B' }).text();
    const question = engine.generate({ ...answer, tokens: [...course, 9], maxTokens: 1, room: 'B' });
    const asked = question.text();
    for (let i = 0; i < 30; i++) await chunks.next();
    expect(engine.stats).toMatchObject({ keptPrefixes: 1, evictions: 0, restored: 0 });
    long.cancel();
    await asked;
    expect(question.cachedTokens).toBe(150);
  });
});
