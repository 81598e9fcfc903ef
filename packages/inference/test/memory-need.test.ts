import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { u32 } from '../../release/src/index.ts';
import { tinyConfig, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { availableMemory, memoryNeed, quantize, readGguf, setNativeLog } from '../src/index.ts';
import { modelParams } from '../src/models/model-params.ts';
import { Context } from '../src/native/context.ts';
import { libllama } from '../src/native/libllama.ts';
import { writeTinyEncoder } from './encoder-model.ts';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-need-'));
});

afterAll(async () => {
  setNativeLog(() => {});
  await rm(dir, { recursive: true });
});

/** Bytes that llama.cpp says it takes, by what for, from its own log. */
function taken(path: string, opts: { cacheTokens: number; sequences: number }) {
  const sums = { weights: 0, cells: 0, work: 0 };
  setNativeLog((_, line) => {
    const size = 2 ** 20 * Number(/buffer size = +([\d.]+) MiB/.exec(line)?.[1] ?? 0);
    if (/model buffer size/.test(line)) sums.weights += size;
    else if (/KV buffer size/.test(line)) sums.cells += size;
    else if (/(output|compute) +buffer size/.test(line)) sums.work += size;
  });
  const lib = libllama();
  const model = lib.model_load_from_file(path, modelParams(lib, readGguf(path), 0));
  const context = new Context(lib, model, {
    cells: opts.cacheTokens,
    sequences: opts.sequences + 64,
    batchSize: 512,
    outputs: opts.sequences,
    threads: 1,
  });
  context[Symbol.dispose]();
  lib.model_free(model);
  setNativeLog(() => {});
  return sums;
}

const shapes = {
  tiny: tinyConfig(),
  // Of nano's shape: 4 layers of 128, with more context.
  narrow: tinyConfig({ num_hidden_layers: 4, intermediate_size: 352, max_position_embeddings: 4096 }),
  wide: tinyConfig({
    hidden_size: 768,
    intermediate_size: 2048,
    num_attention_heads: 12,
    num_key_value_heads: 4,
  }),
  untied: tinyConfig({ hidden_size: 256, intermediate_size: 512, tie_word_embeddings: false }),
};

test.each(Object.keys(shapes) as (keyof typeof shapes)[])(
  '%s: no less than llama.cpp takes, and not much more',
  async (name) => {
    const full = await writeTinyGguf(join(dir, name), { config: shapes[name] });
    const packed = join(dir, `${name}-Q8_0.gguf`);
    await quantize(full, packed, { type: 'Q8_0' });
    for (const path of [full, packed]) {
      for (const opts of [
        { cacheTokens: 1024, sequences: 1 },
        { cacheTokens: 8192, sequences: 8 },
      ]) {
        const need = memoryNeed(readGguf(path), opts);
        const real = taken(path, opts);
        expect(need.cells).toBeCloseTo(real.cells, -3);
        expect(real.weights).toBeGreaterThan(0);
        expect(real.work).toBeGreaterThan(0);
        const total = real.weights + real.cells + real.work;
        expect(need.total).toBe(need.weights + need.cells + need.work);
        expect(need.total / total).toBeGreaterThan(1);
        expect(need.total / total).toBeLessThan(1.6);
      }
    }
  },
);

test('layers may have numbers of heads of their own; an encoder remembers nothing', async () => {
  const path = await writeTinyGguf(join(dir, 'heads'), {
    metadata: new Map([
      ['llama.attention.key_length', u32(64)],
      ['llama.attention.value_length', u32(32)],
    ]),
  });
  const header = readGguf(path);
  const need = (changes: [string, number[]][]) =>
    memoryNeed(
      { ...header, metadata: new Map([...header.metadata, ...changes]) },
      { cacheTokens: 100, sequences: 1 },
    );
  // 2 bytes × 100 tokens × (2 layers × 2 heads) × (64 + 32)
  expect(need([]).cells).toBe(2 * 100 * 4 * 96);
  expect(need([['llama.attention.head_count_kv', [1, 4]]]).cells).toBe(2 * 100 * 5 * 96);
  const encoder = readGguf(await writeTinyEncoder(dir));
  expect(memoryNeed(encoder, { cacheTokens: 64, sequences: 1 }).cells).toBe(0);
});

test('what is free is something, and no more than there is', () => {
  expect(availableMemory()).toBeGreaterThan(2 ** 20);
  expect(availableMemory()).toBeLessThan(2 ** 50);
});
