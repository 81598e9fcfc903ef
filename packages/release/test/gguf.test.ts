import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gguf } from '@huggingface/gguf';
import { Engine, quantize, readGguf } from '@lucie/inference';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convertToGguf, OriginalModel, permuteRows } from '../src/index.ts';
import { tinyDocuments, writeInstructFolder } from './tiny-folder.ts';
import { tinyConfig, tinyTokens, writeTinyGguf } from './tiny-model.ts';

let dir: string;
let tiny: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-gguf-'));
  tiny = await writeTinyGguf(dir);
});

afterAll(() => rm(dir, { recursive: true }));

/** Largest difference of two models' logits over a text, and the spread of the first one's. */
async function difference(folder: string, file: string): Promise<{ largest: number; spread: number }> {
  using original = await OriginalModel.open(folder);
  await using engine = await Engine.load(file, { threads: 1 });
  const ids = original.tokenizer.encode(tinyDocuments[0]!.text).subarray(0, 200);
  const expected = original.logits(ids);
  const found = await engine.logits(ids);
  let largest = 0;
  let squares = 0;
  for (const [i, row] of expected.entries()) {
    for (const [j, value] of row.entries()) {
      largest = Math.max(largest, Math.abs(value - found[i]![j]!));
      squares += value * value;
    }
  }
  return { largest, spread: Math.sqrt(squares / (expected.length * expected[0]!.length)) };
}

describe('the file', () => {
  test('is what @huggingface/gguf reads', async () => {
    const { metadata, tensorInfos } = await gguf(tiny, { allowLocalFile: true });
    expect(metadata).toMatchObject({
      version: 3,
      'general.architecture': 'llama',
      'llama.block_count': 2,
      'llama.attention.head_count': 4,
      'llama.attention.head_count_kv': 2,
      'llama.rope.freq_base': 10_000,
      'tokenizer.ggml.tokens': tinyTokens,
      'tokenizer.ggml.add_bos_token': false,
    });
    const own = readGguf(tiny);
    expect(tensorInfos.map(({ name, shape, dtype }) => [name, shape.map(Number), dtype])).toEqual(
      own.tensors.map(({ name, shape, type }) => [name, shape, type]),
    );
    expect([...own.metadata.keys()]).toEqual(
      Object.keys(metadata).filter((key) => !['version', 'tensor_count', 'kv_count'].includes(key)),
    );
  });

  test('the same model gives the same bytes', async () => {
    const again = await writeTinyGguf(await mkdtemp(join(dir, 'again-')));
    expect((await readFile(again)).equals(await readFile(tiny))).toBe(true);
  });
});

describe('permuted rows', () => {
  test('each pair that RoPE turns together becomes neighbours', () => {
    // Two heads of width 4; the value is the row.
    const rows = Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...permuteRows(rows, { headDim: 4, width: 1 })]).toEqual([0, 2, 1, 3, 4, 6, 5, 7]);
  });
});

describe('libllama computes what torch computes', () => {
  const cases = {
    'grouped queries, tied': {},
    'own output matrix': { tie_word_embeddings: false },
    'heads wider than the width divides': { head_dim: 64 },
    'one key head, another base': { num_key_value_heads: 1, rope_theta: 500_000 },
    'long contexts of Llama 3.1': {
      rope_scaling: {
        rope_type: 'llama3',
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 64,
      },
    },
  } as const;

  test.each(Object.entries(cases))('%s', async (_, config) => {
    const folder = await mkdtemp(join(dir, 'hf-'));
    const file = join(folder, 'model.gguf');
    await writeInstructFolder(folder, { config });
    await convertToGguf(folder, file);
    const { largest, spread } = await difference(folder, file);
    // Half precision has 11 bits: a thousandth of the spread per product, some products deep.
    expect(largest).toBeLessThan(0.02 * spread);
  });

  test('more rows than ids: unused tokens fill up', async () => {
    const folder = await mkdtemp(join(dir, 'rows-'));
    const file = join(folder, 'model.gguf');
    await writeInstructFolder(folder, { config: { vocab_size: 352 } });
    await convertToGguf(folder, file);
    const { largest, spread } = await difference(folder, file);
    expect(largest).toBeLessThan(0.02 * spread);
  });

  test('a tokenizer of another model is refused', async () => {
    const folder = await mkdtemp(join(dir, 'other-'));
    await writeInstructFolder(folder, { config: { vocab_size: 300 } });
    await expect(convertToGguf(folder, join(folder, 'model.gguf'))).rejects.toThrow(
      expect.objectContaining({ code: 'MODEL_MISMATCH' }),
    );
  });
});

describe('quantization', () => {
  const sizes = { 32: 'one block to a row', 128: 'the width of nano' };

  test.each(Object.entries(sizes))('Q8_0 and Q4_0 at width %s: %s', async (width) => {
    const folder = await mkdtemp(join(dir, 'quantized-'));
    const config = tinyConfig({ hidden_size: Number(width) });
    const full = await writeTinyGguf(folder, { config });
    await using engine = await Engine.load(full, { threads: 1 });
    const ids = engine.tokenize(tinyDocuments[1]!.text).subarray(0, 100);
    const expected = await engine.logits(ids);
    const distances: number[] = [];
    for (const type of ['Q8_0', 'Q4_0'] as const) {
      const path = join(folder, `${type}.gguf`);
      await quantize(full, path, { type });
      const types = new Map(readGguf(path).tensors.map((tensor) => [tensor.name, tensor.type]));
      expect(types.get('blk.0.ffn_up.weight')).toBe(type === 'Q8_0' ? 8 : 2);
      expect(types.get('blk.0.attn_norm.weight')).toBe(0);
      // Tied, the embedding is the output matrix too: llama.cpp spares it.
      expect(types.get('token_embd.weight')).toBe(8);
      await using quantized = await Engine.load(path, { threads: 1 });
      const found = await quantized.logits(ids);
      let error = 0;
      let power = 0;
      for (const [i, row] of expected.entries()) {
        for (const [j, value] of row.entries()) {
          error += (value - found[i]![j]!) ** 2;
          power += value * value;
        }
      }
      distances.push(Math.sqrt(error / power));
    }
    expect(distances[0]).toBeLessThan(0.08);
    expect(distances[1]).toBeLessThan(0.6);
    expect(distances[0]).toBeLessThan(distances[1]!);
  });

  test('a file that is no model is refused, and nothing is left', async () => {
    const output = join(dir, 'nothing.gguf');
    await expect(quantize(join(dir, 'none.gguf'), output, { type: 'Q8_0' })).rejects.toThrow(
      expect.objectContaining({ code: 'MODEL_MISSING' }),
    );
    await expect(readFile(output)).rejects.toThrow(/ENOENT/);
  });
});
