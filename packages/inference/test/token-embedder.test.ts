import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine, readGguf, TokenEmbedder, u32 } from '../src/index.ts';
import { checkModel } from '../src/models/check-model.ts';
import { tryModel } from '../src/models/trial.ts';
import { processTurns } from '../src/scheduler/turns.ts';
import { writeTinyEncoder } from './encoder-model.ts';

let dir: string;
let path: string;
let embedder: TokenEmbedder;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-token-embedder-'));
  path = await writeTinyEncoder(dir, { pooling: 1, vocabulary: false });
  embedder = await TokenEmbedder.load(path, { threads: 1 });
});

afterAll(async () => {
  await embedder.close();
  await rm(dir, { recursive: true });
});

const code = (expected: string) => expect.objectContaining({ code: expected });
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

test('the vectors of an engine that has made the same tokens from text', async () => {
  await using engine = await Engine.load(await writeTinyEncoder(dir, { pooling: 1 }), { threads: 1 });
  const inputs = ['la lune', 'le soleil', 'a'].map((text) => engine.tokenize(text, { addSpecial: true }));
  const { vectors: theirs } = await engine.embed(inputs);
  const { vectors, energy, queuedMs } = await embedder.embed(inputs);
  expect(vectors).toEqual(theirs);
  expect(energy.joules).toBeGreaterThan(0);
  expect(queuedMs).toBeGreaterThanOrEqual(0);
  expect(Math.hypot(...vectors[0]!)).toBeCloseTo(1, 5);
  expect(dot(vectors[0]!, vectors[1]!)).toBeLessThan(0.9999);
});

test('as many texts as one likes, in their order; each as if it were alone', async () => {
  const inputs = Array.from({ length: 30 }, (_, i) => [2, ...new Array<number>(1 + i).fill(5 + i), 3]);
  const { vectors } = await embedder.embed(inputs);
  expect(vectors).toHaveLength(30);
  for (const i of [0, 7, 29])
    expect(dot((await embedder.embed([inputs[i]!])).vectors[0]!, vectors[i]!)).toBeCloseTo(1, 5);
  expect((await embedder.embed([])).vectors).toEqual([]);
});

test('what llama.cpp would not survive is refused', async () => {
  expect([embedder.longest, embedder.vocabularySize]).toEqual([64, 57]);
  for (const id of [57, -1, 1.5, Number.NaN])
    await expect(embedder.embed([[2], [id]])).rejects.toEqual(code('TOKEN_UNKNOWN'));
  await expect(embedder.embed([[2], []])).rejects.toEqual(code('PROMPT_EMPTY'));
  await expect(embedder.embed([new Uint32Array(65).fill(7)])).rejects.toEqual(code('PROMPT_TOO_LONG'));
  expect((await embedder.embed([new Uint32Array(64).fill(7)])).vectors).toHaveLength(1);
  await expect(embedder.embed([[2]], { dimensions: 33 })).rejects.toEqual(code('OPTION_INVALID'));
  await expect(TokenEmbedder.load(path, { threads: 0 })).rejects.toEqual(code('OPTION_INVALID'));
  await expect(TokenEmbedder.load(join(dir, 'none.gguf'))).rejects.toEqual(code('MODEL_MISSING'));
});

test('it takes turns with the other models of the process', async () => {
  let ended = false;
  let embedded: Promise<unknown> | undefined;
  await processTurns.take(async () => {
    embedded = embedder.embed([[2, 7, 3]]).then(() => (ended = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ended).toBe(false);
  });
  await embedded;
});

test('a signal is heard', async () => {
  const signal = AbortSignal.abort(new Error('gone'));
  await expect(embedder.embed([[2, 7, 3]], { signal })).rejects.toThrow('gone');
});

test('closed it says so, and may be closed again', async () => {
  const closing = await TokenEmbedder.load(path, { threads: 1, trial: false });
  const under = Promise.allSettled([closing.embed([[2, 7, 3]])]);
  await closing.close();
  await closing.close();
  await under;
  for (const inputs of [[], [[2, 7, 3]]])
    await expect(closing.embed(inputs)).rejects.toEqual(code('ENGINE_CLOSED'));
});

test('a file with a vocabulary is for an engine, one without is for this', async () => {
  await expect(Engine.load(path)).rejects.toEqual(code('MODEL_INVALID'));
  await expect(TokenEmbedder.load(await writeTinyEncoder(dir))).rejects.toEqual(code('MODEL_INVALID'));
});

test('a number of tokens that is not that of the embedding is refused before llama.cpp sees it', () => {
  for (const [key, value] of [
    ['bert.vocab_size', 58],
    ['bert.vocab_size', 0],
    ['bert.vocab_size', undefined],
    ['bert.attention.layer_norm_epsilon', Number.NaN],
  ] as const) {
    const header = readGguf(path);
    expect(() => checkModel(header, path, { tokens: 'given' })).not.toThrow();
    if (value === undefined) header.metadata.delete(key);
    else header.metadata.set(key, value);
    expect(() => checkModel(header, path, { tokens: 'given' })).toThrow(code('MODEL_INVALID'));
  }
});

test('the trial does without a vocabulary; what would end the process ends it', async () => {
  // Not by way of `load`, which remembers what has passed before.
  await tryModel(path);
  const bytes = readFileSync(path);
  const key = Buffer.from('bert.attention.head_count');
  const at = bytes.indexOf(key) + key.length + 4;
  expect(bytes.readUInt32LE(at)).toBe(u32(2).value);
  bytes.writeUInt32LE(3, at);
  const damaged = join(dir, 'three-heads.gguf');
  writeFileSync(damaged, bytes);
  await expect(TokenEmbedder.load(damaged)).rejects.toEqual(code('MODEL_REFUSED'));
});
