import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGguf, TokenEmbedder } from '@lucie/inference';
import { sha256 } from '@lucie/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeAdapter } from '../../src/read/adapter.ts';
import { classify } from '../../src/read/classify.ts';
import { type E5File, parseE5 } from '../../src/read/e5-file.ts';
import { encodePair } from '../../src/read/encode-pair.ts';
import { mergeAdapter } from '../../src/read/merge-adapter.ts';
import { openReader } from '../../src/read/open-reader.ts';
import { writeReaderGguf } from '../../src/read/reader-gguf.ts';
import { setUpReader } from '../../src/read/set-up-reader.ts';
import { UnigramTokenizer } from '../../src/read/unigram.ts';
import { madeAdapter } from './made-adapter.ts';
import { madeE5, TINY } from './made-e5.ts';
import { packedWith } from './packed-with.ts';
import { referenceVector } from './reference-encoder.ts';

const dir = mkdtempSync(join(tmpdir(), 'lucie-reader-gguf-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

// Rows of two blocks: llama.cpp takes other kernels for those of one.
const bytes = madeE5({ config: { ...TINY, hidden_size: 64, intermediate_size: 128, num_hidden_layers: 3 } });
const base = parseE5(bytes, 'base');
const sources = {
  adapter: join(dir, 'adapter.safetensors'),
  engine: { library: join(dir, 'engine/libe5.so'), weights: join(dir, 'engine/e5-small-q4.bin') },
};
const adapter = madeAdapter(base, { base: sha256(bytes), scale: 2 });
let merged: E5File;
beforeAll(async () => {
  mkdirSync(join(dir, 'engine'));
  writeFileSync(sources.engine.weights, bytes);
  await writeAdapter(sources.adapter, adapter);
  merged = parseE5(packedWith(base, await mergeAdapter(base, adapter, 'a')), 'merged');
});

const tokenizer = new UnigramTokenizer(base.vocabulary);
const texts = [
  'le zebre ?',
  'le lion mange le zebre et boit',
  'a',
  '',
  'x'.repeat(40),
  'le '.repeat(90),
  'la mer est salée. le sel vient des roches',
];
const pairsOf = (question: string) =>
  texts.map((passage) => encodePair(tokenizer, { question, passage }, TINY.max_position_embeddings));
const dot = (a: Float32Array, b: Float32Array) => a.reduce((all, value, i) => all + value * b[i]!, 0);

test('libllama computes from the file what the definition says, together as alone', async () => {
  const path = join(dir, 'whole.gguf');
  await writeReaderGguf(path, base, new Map());
  await using embedder = await TokenEmbedder.load(path, { threads: 1 });
  const pairs = pairsOf('qui ?');
  const { vectors } = await embedder.embed(pairs);
  for (const [i, ids] of pairs.entries()) {
    const exact = referenceVector(base, ids);
    // Values between the matrices are rounded to 8 bits. Another text's vector is further away than that.
    expect(dot(vectors[i]!, exact), texts[i]).toBeGreaterThan(0.9995);
    const [alone] = (await embedder.embed([ids])).vectors;
    expect(dot(vectors[i]!, alone!)).toBeGreaterThan(0.9995);
  }
  const between = vectors.flatMap((a, i) => vectors.slice(i + 1).map((b) => dot(a, b)));
  expect(Math.max(...between)).toBeLessThan(0.998);
});

test('the blocks of the packed file as they are, those of an adapter in their place', async () => {
  const { weights } = await setUpReader(undefined, sources);
  const file = readFileSync(weights);
  const header = readGguf(weights);
  const tensors = new Map(header.tensors.map((tensor) => [tensor.name, tensor]));
  expect(tensors.size).toBe(base.tensors.size);
  // Else long pairs are read piece by piece, each word with those before it.
  expect(header.metadata.get('bert.attention.causal')).toBe(false);
  const at = (name: string) => {
    const { offset, bytes: length } = tensors.get(name)!;
    return file.subarray(offset, offset + length);
  };
  for (const [ours, theirs] of [
    ['emb.word', 'token_embd.weight'],
    ['emb.pos', 'position_embd.weight'],
    ['l0.q.w', 'blk.0.attn_q.weight'],
    ['l2.fo.w', 'blk.2.ffn_down.weight'],
    ['l1.aln.b', 'blk.1.attn_output_norm.bias'],
  ] as const)
    expect(Buffer.compare(at(theirs), merged.tensors.get(ours)!.bytes), theirs).toBe(0);
});

test('readings are those of the head on the changed encoder, in the order of the passages', async () => {
  const reader = await openReader({ threads: 1, sources });
  const question = 'le lion ?';
  const readings = await reader.read(question, texts);
  for (const [i, ids] of pairsOf(question).entries()) {
    const exact = classify(referenceVector(merged, ids), adapter.classifier);
    expect(readings[i]!.answers).toBeCloseTo(exact.answers, 1);
    expect(readings[i]!.contradicts).toBeCloseTo(exact.contradicts, 1);
  }
  // To the last bit, whatever is read before, after or at the same time.
  const [back, alone] = await Promise.all([
    reader.read(question, texts.toReversed()),
    reader.read(question, texts.slice(1, 2)),
  ]);
  expect(back.reverse()).toEqual(readings);
  expect(alone).toEqual(readings.slice(1, 2));
  const all = readings.map(({ answers }) => answers);
  expect(Math.max(...all) - Math.min(...all)).toBeGreaterThan(0.3);
});

test('what stands behind the window changes nothing', async () => {
  const reader = await openReader({ threads: 1, sources });
  const long = 'le zebre '.repeat(80);
  const [one, other] = await reader.read('qui ?', [long, `${long} fin.`]);
  expect(other).toEqual(one);
});

test('a file that is damaged or of another model: READER_BROKEN', async () => {
  const { weights } = await setUpReader(undefined, sources);
  const whole = readFileSync(weights);
  const refused = () =>
    expect(openReader({ threads: 1, sources })).rejects.toMatchObject({ code: 'READER_BROKEN' });
  try {
    truncateSync(weights, whole.length - 40);
    await refused();
    writeFileSync(weights, whole.subarray(0, 100));
    await refused();
    writeFileSync(weights, 'as it was');
    await refused();
    const damaged = Buffer.from(whole);
    damaged.write('x', damaged.indexOf('blk.2.ffn_up.weight'));
    writeFileSync(weights, damaged);
    await refused();
    const small = parseE5(madeE5({ config: { ...TINY, vocab_size: 42 } }), 'small');
    await writeReaderGguf(weights, small, new Map());
    await refused();
    const short = parseE5(madeE5({ config: { ...TINY, max_position_embeddings: 32 } }), 'short');
    await writeReaderGguf(weights, short, new Map());
    await refused();
  } finally {
    writeFileSync(weights, whole);
  }
  await openReader({ threads: 1, sources });
});
