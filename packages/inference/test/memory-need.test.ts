import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyConfig, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { availableMemory, memoryNeed, quantize, readGguf, setNativeLog, u32 } from '../src/index.ts';
import { EmbeddingContext } from '../src/models/embedding-context.ts';
import { isEncoder } from '../src/models/load-model.ts';
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
function taken(path: string, opts: { contextSize: number; cacheTokens: number; sequences: number }) {
  const sums = { weights: 0, cells: 0, work: 0, aside: 0 };
  let aside = false;
  setNativeLog((_, line) => {
    const size = 2 ** 20 * Number(/buffer size = +([\d.]+) MiB/.exec(line)?.[1] ?? 0);
    if (aside && /model buffer|KV buffer|output +buffer|compute +buffer/.test(line)) sums.aside += size;
    else if (/model buffer size/.test(line)) sums.weights += size;
    else if (/KV buffer size/.test(line)) sums.cells += size;
    else if (/(output|compute) +buffer size/.test(line)) sums.work += size;
  });
  const lib = libllama();
  const model = lib.model_load_from_file(path, modelParams(lib, readGguf(path), 0));
  const context = new Context(lib, model, {
    cells: opts.cacheTokens + 64,
    sequences: opts.sequences + 64,
    batchSize: 512,
    outputs: opts.sequences,
    threads: 1,
  });
  context[Symbol.dispose]();
  aside = true;
  const whole = isEncoder(readGguf(path));
  const size = opts.contextSize;
  if (!whole) {
    const alone = { cells: size, sequences: 1, batchSize: 32, outputs: 1, threads: 1 };
    new Context(lib, model, alone)[Symbol.dispose]();
  }
  new EmbeddingContext(lib, model, { size, threads: 1, whole })[Symbol.dispose]();
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
        { contextSize: 1024, cacheTokens: 1024, sequences: 1 },
        { contextSize: 2048, cacheTokens: 8192, sequences: 8 },
      ]) {
        const need = memoryNeed(readGguf(path), opts);
        const real = taken(path, opts);
        // The log rounds to hundredths of MiB.
        expect(Math.abs(need.cells - real.cells)).toBeLessThan(0.0051 * 2 ** 20);
        expect(real.weights).toBeGreaterThan(0);
        expect(real.work).toBeGreaterThan(0);
        expect(real.aside).toBeGreaterThan(0);
        expect(need.aside / real.aside).toBeGreaterThan(1);
        expect(need.aside / real.aside).toBeLessThan(1.6);
        const total = real.weights + real.cells + real.work + real.aside;
        expect(need.total).toBe(need.weights + need.cells + need.work + need.aside);
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
      { contextSize: 100, cacheTokens: 100, sequences: 1 },
    );
  // 2 bytes × (100 + 64 tokens, to the next 256) × (2 layers × 2 heads) × (64 + 32)
  expect(need([]).cells).toBe(2 * 256 * 4 * 96);
  expect(need([['llama.attention.head_count_kv', [1, 4]]]).cells).toBe(2 * 256 * 5 * 96);
  const encoder = readGguf(await writeTinyEncoder(dir));
  expect(memoryNeed(encoder, { contextSize: 64, cacheTokens: 64, sequences: 1 }).cells).toBe(0);
});

test('what is free is something, and no more than there is', () => {
  expect(availableMemory()).toBeGreaterThan(2 ** 20);
  expect(availableMemory()).toBeLessThan(2 ** 50);
});
