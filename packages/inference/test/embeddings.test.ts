import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initialValues } from '@lucie/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tinyConfig, tinyTokens, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { Engine, ModelPool } from '../src/index.ts';
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
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('of a model that generates', () => {
  test('the mean over the text of what stands before the logits', async () => {
    // The output shares the embedding's weights here: logits are E·h, so their mean is E times the mean of h.
    const width = 128;
    const weights = initialValues(tinyConfig(), 'model.embed_tokens.weight', { seed: 1 });
    for (const text of texts.slice(0, 4)) {
      const [vector] = await engine.embed([read(text)]);
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
    const together = await engine.embed(texts.map(read));
    expect(together.length).toBe(texts.length);
    for (const [i, text] of texts.entries()) {
      const [alone] = await engine.embed([read(text)]);
      expect(Math.hypot(...together[i]!)).toBeCloseTo(1, 5);
      expect(dot(together[i]!, alone!)).toBeCloseTo(1, 4);
    }
    expect(dot(together[0]!, together[3]!)).toBeLessThan(0.999);
  });

  test('fewer dimensions are the first ones, of length 1 again', async () => {
    const [whole] = await engine.embed([read('la lune')]);
    const [cut] = await engine.embed([read('la lune')], { dimensions: 16 });
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
    expect((await engine.embed([long.subarray(1)])).length).toBe(1);
    expect(await engine.embed([])).toEqual([]);
  });

  test('others generate meanwhile, and say the same', async () => {
    const say = () => engine.generate({ prompt: 'Un', maxTokens: 12, temperature: 0, stopIds: [] }).text();
    const alone = await say();
    const [text, vectors] = await Promise.all([say(), engine.embed(texts.map(read))]);
    expect(text).toBe(alone);
    expect(vectors.length).toBe(texts.length);
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
    const [a, b, c] = await encoder.embed(inputs);
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
      vectors.push(...(await encoder.embed([encoder.tokenize('la lune', { addSpecial: true })])));
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
