import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '@lucie/inference';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTinyEncoder } from '../../../inference/test/encoder-model.ts';
import { e5Prefixes, ggufEmbedder } from '../../src/index.ts';

let dir: string;
let engine: Engine;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-gguf-embedder-'));
  engine = await Engine.load(await writeTinyEncoder(dir), { threads: 1, trial: false });
});
afterAll(async () => {
  await engine.close();
  await rm(dir, { recursive: true });
});

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const read = async (text: string) =>
  (await engine.embed([engine.tokenize(text, { addSpecial: true })])).vectors[0]!;

test('gives what the engine gives for question and passage with their prefixes', async () => {
  const embedder = await ggufEmbedder(engine, e5Prefixes);
  expect(embedder.dimension).toBe(32);
  expect(dot(await embedder.embedQuestion('la lune'), await read('query: la lune'))).toBeCloseTo(1, 5);
  const [one, two] = await embedder.embedPassages(['la lune', 'le soleil']);
  expect(dot(one!, await read('passage: la lune'))).toBeCloseTo(1, 5);
  expect(dot(two!, await read('passage: le soleil'))).toBeCloseTo(1, 5);
  expect(Math.hypot(...one!)).toBeCloseTo(1, 5);
});

test('reads the beginning of a text too long, with the mark that ends it', async () => {
  const embedder = await ggufEmbedder(engine);
  expect(embedder.longest).toBe(64);
  const long = 'abc '.repeat(100);
  expect(embedder.tokens!(long)).toBeGreaterThan(64);
  const [cut] = await embedder.embedPassages([long]);
  const tokens = engine.tokenize(long, { addSpecial: true });
  const expected = [...tokens.slice(0, 63), tokens.at(-1)!];
  const { vectors } = await engine.embed([expected]);
  expect(dot(cut!, vectors[0]!)).toBeCloseTo(1, 5);
});

test('its name tells weights and prefixes', async () => {
  const names = [(await ggufEmbedder(engine)).name, (await ggufEmbedder(engine, e5Prefixes)).name];
  expect(names[0]).toMatch(/^gguf encoder-unsaid\.gguf [0-9a-f]{16} /);
  expect(names[0]).not.toBe(names[1]);
});
