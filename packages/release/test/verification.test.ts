import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FloatTensor, type Metadata, quantize, string, strings, u32, writeGguf } from '@lucie/inference';
import { readConfig } from '@lucie/model';
import { ggufVocabulary, Tokenizer } from '@lucie/tokenizer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LogitsComparison } from '../src/compare-logits.ts';
import { vocabularyMetadata } from '../src/gguf/vocabulary.ts';
import {
  architectureMetadata,
  convertToGguf,
  type FileVerification,
  type Format,
  OriginalModel,
  permuteRows,
  refuseUnfaithful,
  tensorSources,
  thresholds,
  verifyFiles,
} from '../src/index.ts';
import { tinyDocuments, writeInstructFolder } from './tiny-folder.ts';

let dir: string;
let original: OriginalModel;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-verification-'));
  await writeInstructFolder(dir);
  original = await OriginalModel.open(dir);
});

afterAll(async () => {
  original[Symbol.dispose]();
  await rm(dir, { recursive: true });
});

async function verify(files: Map<Format, string>): Promise<FileVerification[]> {
  return verifyFiles(original, files, { documents: tinyDocuments, tokens: 1000, threads: 1 });
}

/** Converts with a fault planted into the metadata or the tensors. */
async function faulty(change: {
  metadata?: (metadata: Metadata) => void;
  tensor?: (t: FloatTensor) => FloatTensor;
}) {
  const config = await readConfig(dir);
  const tokenizer = await Tokenizer.fromFile(join(dir, 'tokenizer.json'));
  const { chat_template } = ggufVocabulary(tokenizer);
  const metadata: Metadata = new Map([
    ...architectureMetadata(config),
    ...vocabularyMetadata(ggufVocabulary(tokenizer), {
      rows: config.vocab_size,
      chatTemplate: chat_template,
    }),
  ]);
  change.metadata?.(metadata);
  const sources = await tensorSources(join(dir, 'model.safetensors'), config);
  const path = join(dir, 'faulty.gguf');
  await writeGguf(path, metadata, change.tensor ? sources.map(change.tensor) : sources);
  return verify(new Map([['F16', path]]));
}

const refused = (pattern: RegExp) =>
  expect.objectContaining({ code: 'RELEASE_REFUSED', message: expect.stringMatching(pattern) });

test('a faithful F16 file passes; its figures are those of the two models', async () => {
  const path = join(dir, 'good.gguf');
  await convertToGguf(dir, path);
  const [file] = await verify(new Map([['F16', path]]));
  expect(() => refuseUnfaithful([file!])).not.toThrow();
  if (process.env.LUCIE_SHOW) console.log(file);
  expect(file).toMatchObject({
    format: 'F16',
    stopIds: [1, 5],
    originalStopIds: [1, 5],
    documentsTokenized: 12,
    documentsTokenizedOtherwise: 0,
    conversationsRenderedOtherwise: 0,
  });
  expect(file!.tokens).toBeGreaterThanOrEqual(1000);
  expect(file!.bitsPerByte).toBeCloseTo(file!.originalBitsPerByte, 2);
  // A random model knows nothing: at least the bits of one guess among 320 ids, over the bytes of a token.
  expect(file!.originalBitsPerByte).toBeGreaterThan(2);
});

test('coarser files are measured as worse', async () => {
  const full = join(dir, 'full.gguf');
  const coarse = join(dir, 'coarse.gguf');
  await convertToGguf(dir, full);
  await quantize(full, coarse, { type: 'Q4_0' });
  const [f16, q4] = await verify(
    new Map([
      ['F16', full],
      ['Q4_0', coarse],
    ]),
  );
  expect(q4!.meanKl).toBeGreaterThan(20 * f16!.meanKl);
  expect(q4!.top1Agreement).toBeLessThan(f16!.top1Agreement);
});

test('planted: query and key rows that were not permuted', async () => {
  const config = await readConfig(dir);
  const half = config.head_dim / 2;
  const files = await faulty({
    tensor: (source) =>
      /attn_[qk]\.weight/.test(source.name)
        ? {
            ...source,
            // The inverse of the permutation for a head of 2 × half rows is the permutation of half × 2.
            values: async () => unpermute(await source.values(), { half, width: source.shape[1]! }),
          }
        : source,
  });
  expect(() => refuseUnfaithful(files)).toThrow(refused(/top-1 agreement/));
});

function unpermute(values: Float32Array, opts: { half: number; width: number }): Float32Array {
  let out = values;
  // Permuting again and again comes back to the start; stop one before.
  for (let next = permuteRows(out, { headDim: 2 * opts.half, width: opts.width }); !equal(next, values); ) {
    out = next;
    next = permuteRows(out, { headDim: 2 * opts.half, width: opts.width });
  }
  return out;
}

const equal = (a: Float32Array, b: Float32Array) => Buffer.from(a.buffer).equals(Buffer.from(b.buffer));

test('planted: a wrong stop id', async () => {
  const files = await faulty({
    metadata: (metadata) => metadata.set('tokenizer.ggml.eos_token_id', u32(40)),
  });
  expect(() => refuseUnfaithful(files)).toThrow(refused(/stop ids 5, 40|stop ids 1, 5, 40/));
});

test('planted: a vocabulary whose merges are missing', async () => {
  const files = await faulty({
    metadata: (metadata) => metadata.set('tokenizer.ggml.merges', strings(['e s'])),
  });
  expect(() => refuseUnfaithful(files)).toThrow(refused(/12 of 12 documents tokenized otherwise/));
});

test('planted: another chat template', async () => {
  const files = await faulty({
    metadata: (metadata) => metadata.set('tokenizer.chat_template', string('{{ messages[0].content }}')),
  });
  expect(() => refuseUnfaithful(files)).toThrow(refused(/2 conversations rendered otherwise/));
});

test('planted: weights slightly off', async () => {
  const files = await faulty({
    tensor: (source) =>
      source.name === 'blk.1.ffn_down.weight'
        ? { ...source, values: async () => (await source.values()).map((value) => 1.05 * value) }
        : source,
  });
  expect(() => refuseUnfaithful(files)).toThrow(refused(/RELEASE_REFUSED|top-1|KL/));
});

test('a figure that is no number is refused', () => {
  const file: FileVerification = {
    format: 'Q8_0',
    tokens: 10,
    top1Agreement: 1,
    top1Same: 1,
    meanKl: Number.NaN,
    bitsPerByte: 1,
    originalBitsPerByte: 1,
    bitsPerByteLoss: 0,
    documentsTokenized: 1,
    documentsTokenizedOtherwise: 0,
    stopIds: [1],
    originalStopIds: [1],
    conversationsRenderedOtherwise: 0,
    thresholds: thresholds.Q8_0,
  };
  expect(() => refuseUnfaithful([file])).toThrow(refused(/mean KL NaN/));
  expect(() => refuseUnfaithful([{ ...file, meanKl: 0, bitsPerByteLoss: 1 }])).toThrow(
    refused(/bits per byte/),
  );
  expect(() => refuseUnfaithful([{ ...file, meanKl: 0, tokens: 0 }])).toThrow(refused(/no position/));
});

test('KL, agreement and bits are those of the textbook', () => {
  const sum = new LogitsComparison();
  const logits = (...probabilities: number[]) => Float32Array.from(probabilities, Math.log);
  sum.add(logits(0.5, 0.25, 0.25), logits(0.25, 0.5, 0.25), 0);
  sum.add(logits(0.5, 0.25, 0.25), logits(0.5, 0.25, 0.25), undefined);
  expect(sum.positions).toBe(2);
  expect(sum.agreeing).toBe(1);
  // 0.5 ln 2 + 0.25 ln ½
  expect(sum.klNats).toBeCloseTo(0.25 * Math.LN2, 6);
  expect(sum.originalNats).toBeCloseTo(Math.log(2), 6);
  expect(sum.fileNats).toBeCloseTo(Math.log(4), 6);
});

test('a tie is no disagreement, a choice is', () => {
  const sum = new LogitsComparison();
  sum.add(Float32Array.of(1, 1.005, 0), Float32Array.of(1.005, 1, 0), undefined);
  expect([sum.same, sum.agreeing]).toEqual([0, 1]);
  sum.add(Float32Array.of(1, 1.05, 0), Float32Array.of(1.05, 1, 0), undefined);
  expect([sum.same, sum.agreeing]).toEqual([0, 1]);
});

test('a folder whose tokenizer is missing is refused', async () => {
  const other = await mkdtemp(join(dir, 'other-'));
  await copyFile(join(dir, 'config.json'), join(other, 'config.json'));
  await writeFile(join(other, 'generation_config.json'), '{}');
  await expect(OriginalModel.open(other)).rejects.toThrow(
    expect.objectContaining({ code: 'TOKENIZER_MISSING' }),
  );
});
