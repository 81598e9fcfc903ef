import { join } from 'node:path';
import { findLibllama } from '@lucie/inference';
import { Random } from '@lucie/ledger';
import koffi from 'koffi';
import { expect, test } from 'vitest';
import { dequantizeQ4, Q4_BLOCK, Q4_BYTES, quantizeQ4 } from '../../src/read/q4.ts';

const normal = (seed: number, blocks: number, scale: number) => {
  const random = new Random(seed);
  return Float32Array.from({ length: blocks * Q4_BLOCK }, () => random.normal() * scale);
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('a block as ggml writes it', () => {
  // `quantize_row_q4_0_ref` of libggml-base.so in @node-llama-cpp/linux-x64 3.22.1, called on these values (2026-11-23).
  const values = Float32Array.from({ length: 32 }, (_, i) => (((i * 37) % 64) - 31) / 100);
  expect(hex(quantizeQ4(values))).toBe('1fa9cf379d047be248bf269df36ad148ae15');
});

test('the bytes and values of the ggml that is installed, for every size of weight', () => {
  const ggml = koffi.load(join(findLibllama().dir, 'libggml-base.so'));
  const quantize = ggml.func('quantize_row_q4_0_ref', 'void', ['void *', 'void *', 'int64']);
  const dequantize = ggml.func('dequantize_row_q4_0', 'void', ['void *', 'void *', 'int64']);
  for (const [seed, scale] of [1e-9, 1e-6, 1e-3, 0.02, 1, 1000].entries()) {
    const values = normal(seed, 500, scale);
    const blocks = new Uint8Array(500 * Q4_BYTES);
    quantize(values, blocks, values.length);
    expect(Buffer.compare(quantizeQ4(values), blocks)).toBe(0);
    const back = new Float32Array(values.length);
    dequantize(blocks, back, values.length);
    expect(dequantizeQ4(blocks)).toEqual(back);
  }
});

test('what has been rounded once stays as it is', () => {
  const blocks = quantizeQ4(normal(5, 300, 0.05));
  expect(hex(quantizeQ4(dequantizeQ4(blocks)))).toBe(hex(blocks));
});

test('no value is off by more than half a step, on the far side of the largest by one', () => {
  const values = normal(6, 300, 0.05);
  const back = dequantizeQ4(quantizeQ4(values));
  for (let from = 0; from < values.length; from += Q4_BLOCK) {
    const block = values.subarray(from, from + Q4_BLOCK);
    const largest = block.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
    const step = Math.abs(largest) / 8;
    for (const [i, value] of block.entries()) {
      const far = value * Math.sign(largest) < -7.5 * step;
      // A float16 scale is right to one part in 2,048, and at most eight of them add up.
      expect(Math.abs(value - back[from + i]!)).toBeLessThanOrEqual(step * ((far ? 1 : 0.5) + 8 / 2048));
    }
  }
});

test('zeros stay zeros; what is no number or too large is refused', () => {
  expect([...dequantizeQ4(quantizeQ4(new Float32Array(32)))].every((value) => value === 0)).toBe(true);
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, 1e6]) {
    const values = new Float32Array(64).fill(0.1);
    values[40] = odd;
    expect(() => quantizeQ4(values)).toThrow(RangeError);
  }
  expect(() => quantizeQ4(new Float32Array(33))).toThrow(RangeError);
  expect(() => dequantizeQ4(new Uint8Array(17))).toThrow(RangeError);
});
