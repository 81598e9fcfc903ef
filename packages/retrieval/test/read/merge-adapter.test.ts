import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { sha256 } from '@lucie/ledger';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Adapter, writeAdapter } from '../../src/read/adapter.ts';
import { parseE5 } from '../../src/read/e5-file.ts';
import { mergeAdapter } from '../../src/read/merge-adapter.ts';
import { quantizeQ4 } from '../../src/read/q4.ts';
import { setUpReader } from '../../src/read/set-up-reader.ts';
import { madeAdapter } from './made-adapter.ts';
import { madeE5 } from './made-e5.ts';

const bytes = madeE5();
const base = parseE5(bytes, 'base');
const hash = sha256(bytes);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lucie-merge-'));
  mkdirSync(join(dir, 'engine'));
  writeFileSync(join(dir, 'engine/e5-small-q4.bin'), bytes);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const adapterPath = () => join(dir, 'adapter.safetensors');
const sources = () => ({
  adapter: adapterPath(),
  engine: { library: join(dir, 'engine/libe5.so'), weights: join(dir, 'engine/e5-small-q4.bin') },
});
const made = () => readdirSync(join(dir, 'engine')).filter((name) => name !== 'e5-small-q4.bin');

test('an adapter that changes nothing leaves the bytes of the base', async () => {
  const merged = await mergeAdapter(base, madeAdapter(base, { base: hash, scale: 0 }), 'a');
  expect(merged.size).toBe(12);
  for (const [name, blocks] of merged)
    expect(Buffer.compare(blocks, base.tensors.get(name)!.bytes), name).toBe(0);
});

test('an adapter of rank 1 is the outer product of its two vectors, times alpha', async () => {
  const adapter = madeAdapter(base, { base: hash, rank: 1, alpha: 3, only: /1\.output\.dense/ });
  const merged = await mergeAdapter(base, adapter, 'a');
  expect([...merged.keys()]).toEqual(['l1.fo.w']);
  const { A, B } = adapter.pairs.get('encoder.layer.1.output.dense')!;
  const before = base.tensors.get('l1.fo.w')!.values();
  const exact = before.map((weight, i) => weight + 3 * B[Math.floor(i / 64)]! * A[i % 64]!);
  expect(merged.get('l1.fo.w')).toEqual(quantizeQ4(exact));
  expect(exact).not.toEqual(before);
});

test('rank and alpha: twice an adapter of rank 1 is one of rank 2 with twice the alpha', async () => {
  const one = madeAdapter(base, { base: hash, rank: 1, alpha: 2, only: /0\.attention\.self\.query/ });
  const { A, B } = one.pairs.get('encoder.layer.0.attention.self.query')!;
  const twice: Adapter = {
    ...one,
    rank: 2,
    // B·A counts the pair twice, alpha / rank is what it was before: the sum is that of alpha 4 at rank 1.
    alpha: 4,
    pairs: new Map([
      [
        'encoder.layer.0.attention.self.query',
        { A: Float32Array.of(...A, ...A), B: Float32Array.from([...B].flatMap((value) => [value, value])) },
      ],
    ]),
  };
  const expected = await mergeAdapter(base, { ...one, alpha: 4 }, 'a');
  expect(await mergeAdapter(base, twice, 'a')).toEqual(expected);
});

test('a file beside the weights, named after both, made once', async () => {
  await writeAdapter(adapterPath(), madeAdapter(base, { base: hash }));
  const files = await setUpReader(undefined, sources());
  expect(made()).toEqual([expect.stringMatching(/^reader-[0-9a-f]{16}\.gguf$/)]);
  expect(files).toEqual({
    adapter: adapterPath(),
    base: sources().engine.weights,
    weights: join(dir, 'engine', made()[0]!),
  });
  writeFileSync(files.weights, 'as it was');
  expect(await setUpReader(undefined, sources())).toEqual(files);
  expect(readFileSync(files.weights, 'utf8')).toBe('as it was');
});

test('another adapter, another file; those before it are removed, and nothing else', async () => {
  await writeAdapter(adapterPath(), madeAdapter(base, { base: hash }));
  const first = basename((await setUpReader(undefined, sources())).weights);
  // As versions before this one named them.
  writeFileSync(join(dir, 'engine', `reader-${'0'.repeat(16)}.bin`), '');
  const others = ['libe5.so', 'reader-notes.gguf', `${first}.17.tmp`];
  for (const name of others) writeFileSync(join(dir, 'engine', name), '');
  await writeAdapter(adapterPath(), madeAdapter(base, { base: hash, seed: 2 }));
  const second = basename((await setUpReader(undefined, sources())).weights);
  expect(second).not.toBe(first);
  expect(made().sort()).toEqual([...others, second].sort());
});

test('without adapter or engine: READER_MISSING', async () => {
  await expect(setUpReader(undefined, sources())).rejects.toMatchObject({
    code: 'READER_MISSING',
    message: expect.stringContaining('train-reader'),
  });
  await writeAdapter(adapterPath(), madeAdapter(base, { base: hash }));
  await expect(setUpReader(undefined, { ...sources(), engine: undefined })).rejects.toMatchObject({
    code: 'READER_MISSING',
    message: expect.stringContaining('doctor --set-up'),
  });
});

test('an adapter for another base, for other modules, of other sizes, with too much in it: READER_BROKEN and no file', async () => {
  const good = madeAdapter(base, { base: hash });
  const module = 'encoder.layer.0.output.dense';
  const { A, B } = good.pairs.get(module)!;
  const change = (name: string, pair: { A: Float32Array; B: Float32Array }) =>
    new Map(good.pairs).set(name, pair);
  const wrong: Adapter[] = [
    { ...good, base: 'd'.repeat(64) },
    { ...good, pairs: change('encoder.layer.7.output.dense', { A, B }) },
    { ...good, pairs: change('embeddings.LayerNorm', { A, B }) },
    { ...good, pairs: change(module, { A: A.slice(2), B }) },
    { ...good, pairs: change(module, { A, B: B.slice(2) }) },
    { ...good, pairs: change(module, { A: A.map(() => 1e6), B: B.map(() => 1e6) }) },
    { ...good, classifier: { ...good.classifier, weight: good.classifier.weight.slice(2) } },
  ];
  for (const adapter of wrong) {
    await writeAdapter(adapterPath(), adapter);
    await expect(setUpReader(undefined, sources())).rejects.toMatchObject({ code: 'READER_BROKEN' });
  }
  expect(made()).toEqual([]);
});

test('weights that are cut off: READER_BROKEN and no file', async () => {
  const half = bytes.subarray(0, bytes.length / 2);
  writeFileSync(sources().engine.weights, half);
  await writeAdapter(adapterPath(), madeAdapter(base, { base: sha256(half) }));
  await expect(setUpReader(undefined, sources())).rejects.toMatchObject({ code: 'READER_BROKEN' });
  expect(made()).toEqual([]);
});

test('a place where nothing can be written, not even by root: READER_SETUP_FAILED', async () => {
  await writeAdapter(adapterPath(), madeAdapter(base, { base: hash }));
  const file = openSync(sources().engine.weights, 'r');
  const engine = { ...sources().engine, weights: `/proc/self/fd/${file}` };
  await expect(setUpReader(undefined, { ...sources(), engine })).rejects.toMatchObject({
    code: 'READER_SETUP_FAILED',
  });
  closeSync(file);
});
