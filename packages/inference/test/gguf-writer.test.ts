import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readGguf, type TensorSource, writeGguf } from '../src/index.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-writer-'));
});
afterAll(() => rm(dir, { recursive: true }));

const blocks = Uint8Array.from({ length: 6 * 18 }, (_, i) => i);
const packed = (shape: number[], values = blocks): TensorSource => ({
  name: 'q',
  shape,
  type: 'Q4_0',
  blocks: async () => values,
});
const floats = (name: string, type: 'F16' | 'F32', values: number[]): TensorSource => ({
  name,
  shape: [values.length],
  type,
  values: async () => Float32Array.from(values),
});

test('begins every tensor at a multiple of 32, with the values that were given', async () => {
  const path = join(dir, 'values.gguf');
  const [a, q, b] = [floats('a', 'F16', [1, -2.5, 65504]), packed([3, 64]), floats('b', 'F32', [0.1, 3])];
  await writeGguf(path, new Map(), [a, q, b]);
  const bytes = await readFile(path);
  const { tensors } = readGguf(path);
  const start = tensors[0]!.offset;
  expect(start % 32).toBe(0);
  // ggml counts the innermost dimension first; 108 bytes of blocks take the room of 128.
  expect(tensors).toEqual([
    { name: 'a', type: 1, shape: [3], offset: start, bytes: 6 },
    { name: 'q', type: 2, shape: [64, 3], offset: start + 32, bytes: 108 },
    { name: 'b', type: 0, shape: [2], offset: start + 160, bytes: 8 },
  ]);
  const at = (offset: number, length: number) =>
    bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + length);
  expect([...new Float16Array(at(start, 6))]).toEqual([1, -2.5, 65504]);
  expect(new Uint8Array(at(start + 32, 108))).toEqual(blocks);
  expect([...new Float32Array(at(start + 160, 8))]).toEqual([Math.fround(0.1), 3]);
});

test('refuses what does not fill the shape, and leaves nothing behind', async () => {
  const folder = await mkdtemp(join(dir, 'short-'));
  const path = join(folder, 'short.gguf');
  const short = { ...floats('a', 'F32', [1, 2, 3]), shape: [4] };
  await expect(writeGguf(path, new Map(), [short])).rejects.toThrow(/3 values/);
  await expect(writeGguf(path, new Map(), [packed([4, 64])])).rejects.toThrow(/108 bytes/);
  expect(await readdir(folder)).toEqual([]);
});
