import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initialValues } from '@lucie/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tinyConfig, tinyTokens, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { type EmbedOptions, Engine, ModelPool, u32 } from '../src/index.ts';
import { tokensPerStep } from '../src/models/embeddings.ts';
import { writeTinyEncoder } from './encoder-model.ts';

let dir: string;
let engine: Engine;
const options = { threads: 1, sequences: 2 };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-embeddings-'));
  engine = await Engine.load(await writeTinyGguf(dir), { ...options, trial: false });
});

afterAll(async () => {
  await engine.close();
  await rm(dir, { recursive: true });
});

const code = (expected: string) => expect.objectContaining({ code: expected });
const texts = [
  'Les étés',
  'a',
  'une maison sur la colline',
  'Paris',
  'on',
  'la lune',
  'é',
  'dix',
  'onze',
  'fin',
];
const read = (text: string) => engine.tokenize(text);
const vectorsOf = async (engine: Engine, inputs: ArrayLike<number>[], opts: EmbedOptions = {}) =>
  (await engine.embed(inputs, opts)).vectors;
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('of a model that generates', () => {
  test('the mean over the text of what stands before the logits', async () => {
    // The output shares the embedding's weights here: logits are E·h, so their mean is E times the mean of h.
    const width = 128;
    const weights = initialValues(tinyConfig(), 'model.embed_tokens.weight', { seed: 1 });
    for (const text of texts.slice(0, 4)) {
      const [vector] = await vectorsOf(engine, [read(text)]);
      const rows = await engine.logits(read(text));
      const mean = Float32Array.from(
        tinyTokens,
        (_, id) => rows.reduce((sum, row) => sum + row[id]!, 0) / rows.length,
      );
      const seen = Float32Array.from(tinyTokens, (_, id) =>
        dot(weights.subarray(id * width, (id + 1) * width) as Float32Array, vector!),
      );
      const cosine = dot(mean, seen) / Math.hypot(...mean) / Math.hypot(...seen);
      expect(cosine).toBeCloseTo(1, 4);
    }
  });

  test('length 1; together as alone, in order', async () => {
    const together = await vectorsOf(engine, texts.map(read));
    expect(together.length).toBe(texts.length);
    for (const [i, text] of texts.entries()) {
      const [alone] = await vectorsOf(engine, [read(text)]);
      expect(Math.hypot(...together[i]!)).toBeCloseTo(1, 5);
      expect(dot(together[i]!, alone!)).toBeCloseTo(1, 4);
    }
    expect(dot(together[0]!, together[3]!)).toBeLessThan(0.999);
  });

  test('fewer dimensions are the first ones, of length 1 again', async () => {
    const [whole] = await vectorsOf(engine, [read('la lune')]);
    const [cut] = await vectorsOf(engine, [read('la lune')], { dimensions: 16 });
    const first = whole!.subarray(0, 16);
    const scale = Math.hypot(...first);
    expect(cut!.length).toBe(16);
    for (const [i, value] of cut!.entries()) expect(value).toBeCloseTo(first[i]! / scale, 5);
    for (const dimensions of [0, 129, 1.5]) {
      await expect(engine.embed([read('a')], { dimensions })).rejects.toEqual(code('OPTION_INVALID'));
    }
  });

  test('too long, empty or unknown is refused; the longest is not', async () => {
    const long = new Uint32Array(engine.contextSize + 1).fill(7);
    await expect(engine.embed([read('a'), long])).rejects.toEqual(code('PROMPT_TOO_LONG'));
    await expect(engine.embed([[]])).rejects.toEqual(code('PROMPT_EMPTY'));
    await expect(engine.embed([[tinyTokens.length]])).rejects.toEqual(code('TOKEN_UNKNOWN'));
    expect((await vectorsOf(engine, [long.subarray(1)])).length).toBe(1);
    expect(await vectorsOf(engine, [])).toEqual([]);
  });

  test('others generate meanwhile, and say the same', async () => {
    const say = () => engine.generate({ prompt: 'Un', maxTokens: 12, temperature: 0, stopIds: [] }).text();
    const alone = await say();
    const [text, vectors] = await Promise.all([say(), vectorsOf(engine, texts.map(read))]);
    expect(text).toBe(alone);
    expect(vectors.length).toBe(texts.length);
  });

  test('a text read in pieces, others beside it, has the vector of one read alone', async () => {
    const long = Uint32Array.from({ length: 240 }, (_, i) => 7 + ((i * i) % 97));
    const rows = await engine.logits(long);
    // A new engine does not know its pace, and begins with few tokens; the old one reads this in one step.
    await using fresh = await Engine.load(engine.path, { ...options, trial: false });
    const first = (await vectorsOf(fresh, [read('on'), long, read('la')]))[1]!;
    const [again] = await vectorsOf(engine, [long]);
    expect(dot(first, again!)).toBeCloseTo(1, 4);
    const weights = initialValues(tinyConfig(), 'model.embed_tokens.weight', { seed: 1 });
    const seen = (vector: Float32Array, id: number) =>
      dot(weights.subarray(id * 128, (id + 1) * 128) as Float32Array, vector);
    const mean = tinyTokens.map((_, id) => rows.reduce((sum, row) => sum + row[id]!, 0) / rows.length);
    const ours = tinyTokens.map((_, id) => seen(first, id));
    const cosine = mean.reduce((sum, value, id) => sum + value * ours[id]!, 0);
    expect(cosine / Math.hypot(...mean) / Math.hypot(...ours)).toBeCloseTo(1, 4);
  });

  test.each([
    [2, 0],
    [3, -1],
  ])('pooling type %d of its file takes one token, in pieces too', async (pooling, at) => {
    const metadata = new Map([['llama.pooling_type', u32(pooling)]]);
    const path = await writeTinyGguf(join(dir, `pooling-${pooling}`), { metadata });
    await using pooled = await Engine.load(path, { ...options, trial: false });
    const long = Uint32Array.from({ length: 200 }, (_, i) => 7 + ((i * i) % 97));
    const [vector] = await vectorsOf(pooled, [long]);
    const row = (await engine.logits(long)).at(at)!;
    const weights = initialValues(tinyConfig(), 'model.embed_tokens.weight', { seed: 1 });
    const seen = Float32Array.from(tinyTokens, (_, id) =>
      dot(weights.subarray(id * 128, (id + 1) * 128) as Float32Array, vector!),
    );
    expect(dot(seen, row) / Math.hypot(...seen) / Math.hypot(...row)).toBeCloseTo(1, 4);
  });

  test('a step has the tokens that a quarter of a second allows', () => {
    expect(tokensPerStep(64, 1000)).toBe(16);
    expect(tokensPerStep(1, 4000)).toBe(1);
    expect(tokensPerStep(64, 0)).toBe(512);
  });

  test('says what it took, and how long it stood in line', async () => {
    const { energy, queuedMs } = await engine.embed(texts.map(read));
    expect(energy.joules).toBeGreaterThan(0);
    expect(queuedMs).toBeGreaterThanOrEqual(0);
    expect((await engine.embed([])).queuedMs).toBe(0);
  });

  test('whoever goes away is not read on for', async () => {
    const away = new AbortController();
    const many = Array.from({ length: 2000 }, () => new Uint32Array(100).fill(7));
    const embedding = engine.embed(many, { signal: away.signal });
    await engine.embed([read('on')]);
    away.abort(new Error('gone'));
    await expect(embedding).rejects.toThrow('gone');
    await expect(engine.embed(many, { signal: away.signal })).rejects.toThrow('gone');
    expect((await engine.embed([read('on')])).vectors).toHaveLength(1);
  });

  test('an engine that closes meanwhile ends it, and the process lives', async () => {
    const path = join(dir, 'tiny.gguf');
    for (let ms = 0; ms < 12; ms += 3) {
      const closing = await Engine.load(path, { ...options, trial: false });
      const many = Array.from({ length: 400 }, () => new Uint32Array(120).fill(7));
      const ends = [closing.embed(many), closing.embed(many)].map((embedding) =>
        embedding.then(
          () => 'done',
          (error: { code: string }) => error.code,
        ),
      );
      await new Promise((resolve) => setTimeout(resolve, ms));
      await closing.close();
      expect(await Promise.all(ends)).toEqual(['ENGINE_CLOSED', 'ENGINE_CLOSED']);
    }
  });
});

describe('of an encoder', () => {
  test.each([undefined, 1, 2])('pooling type %s of its file', async (pooling) => {
    const path = await writeTinyEncoder(dir, pooling === undefined ? {} : { pooling });
    await using encoder = await Engine.load(path, options);
    const inputs = ['la lune', 'la lune', 'le soleil'].map((text) =>
      encoder.tokenize(text, { addSpecial: true }),
    );
    expect([inputs[0]![0], inputs[0]!.at(-1)]).toEqual([2, 3]);
    const [a, b, c] = await vectorsOf(encoder, inputs);
    expect(a!.length).toBe(32);
    expect(dot(a!, b!)).toBeCloseTo(1, 5);
    expect(dot(a!, c!)).toBeLessThan(0.9999);
    expect(encoder.contextSize).toBe(64);
    await expect(encoder.embed([new Uint32Array(65).fill(7)])).rejects.toEqual(code('PROMPT_TOO_LONG'));
  });

  test('the first token and the mean are not the same', async () => {
    const vectors: Float32Array[] = [];
    for (const pooling of [1, 2]) {
      await using encoder = await Engine.load(await writeTinyEncoder(dir, { pooling }), options);
      vectors.push(...(await vectorsOf(encoder, [encoder.tokenize('la lune', { addSpecial: true })])));
    }
    expect(dot(vectors[0]!, vectors[1]!)).toBeLessThan(0.999);
  });

  test('it does not write, and says so; nor does it read beyond its positions', async () => {
    const path = await writeTinyEncoder(dir);
    await using encoder = await Engine.load(path, options);
    expect(() => encoder.generate({ prompt: 'la lune' })).toThrow(code('MODEL_EMBEDS_ONLY'));
    await expect(encoder.logits([7])).rejects.toEqual(code('MODEL_EMBEDS_ONLY'));
    await expect(Engine.load(path, { ...options, contextSize: 65 })).rejects.toEqual(code('OPTION_INVALID'));
    await using pool = new ModelPool([{ name: 'bert', path }]);
    expect(await pool.info('bert')).toMatchObject({ generates: false, chats: false, contextSize: 64 });
  });
});
