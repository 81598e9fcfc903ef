import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSafetensors, fromFloat32, readSafetensors, readSafetensorsHeader } from '@lucie/model';
import { afterAll, expect, test } from 'vitest';
import { encodeAdapter, readAdapter, writeAdapter } from '../../src/read/adapter.ts';
import { parseE5 } from '../../src/read/e5-file.ts';
import { madeAdapter } from './made-adapter.ts';
import { madeE5 } from './made-e5.ts';

const dir = mkdtempSync(join(tmpdir(), 'lucie-adapter-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const path = join(dir, 'adapter.safetensors');
const adapter = madeAdapter(parseE5(madeE5(), 'x'), { base: 'c'.repeat(64), rank: 3 });

test('comes back as it was, under PEFT’s names', async () => {
  await writeAdapter(path, adapter);
  expect(await readAdapter(path)).toEqual(adapter);
  const { metadata, tensors } = await readSafetensorsHeader(path);
  expect(tensors.get('base_model.model.encoder.layer.1.intermediate.dense.lora_A.weight')?.shape).toEqual([
    3, 32,
  ]);
  expect(tensors.get('base_model.model.encoder.layer.1.intermediate.dense.lora_B.weight')?.shape).toEqual([
    64, 3,
  ]);
  expect(tensors.get('classifier.weight')?.shape).toEqual([2, 32]);
  expect(metadata).toMatchObject({ rank: '3', alpha: '4', base: 'c'.repeat(64), seed: '1' });
});

test('equal adapters make equal files, whatever the order of their parts', () => {
  const turned = {
    ...adapter,
    pairs: new Map([...adapter.pairs].reverse()),
    data: Object.fromEntries(Object.entries(adapter.data).reverse()),
  };
  expect(Buffer.compare(encodeAdapter(turned), encodeAdapter(adapter))).toBe(0);
});

test('half the bytes for the matrices; the head stays exact', async () => {
  await writeAdapter(path, adapter, 'F16');
  const read = await readAdapter(path);
  expect(read.classifier).toEqual(adapter.classifier);
  for (const [module, { A, B }] of adapter.pairs) {
    expect(read.pairs.get(module)!.A).toEqual(A.map(Math.f16round));
    expect(read.pairs.get(module)!.B).toEqual(B.map(Math.f16round));
  }
});

test('what is no adapter: READER_BROKEN', async () => {
  await writeAdapter(path, adapter);
  const whole = readFileSync(path);
  const entries = await readSafetensors(path);
  const { metadata } = await readSafetensorsHeader(path);
  const one = 'base_model.model.encoder.layer.0.attention.self.key.lora_A.weight';
  const damage: [string, () => Uint8Array | string][] = [
    ['cut off', () => whole.subarray(0, whole.length - 5)],
    ['text', () => 'hello, this is no file of tensors'],
    ['no metadata', () => encodeSafetensors(entries)],
    ...Object.entries({ rank: '0', alpha: 'NaN', base: 'main', data: '{', seed: '1.5' }).map(
      ([key, value]): [string, () => Uint8Array] => [
        key,
        () => encodeSafetensors(entries, { ...metadata, [key]: value }),
      ],
    ),
    ['another rank', () => encodeSafetensors(entries, { ...metadata, rank: '4' })],
    ['B of another rank', () => encodeSafetensors(with_(one.replace('_A', '_B'), [32, 4]), metadata)],
    ['A without B', () => encodeSafetensors(without(one.replace('_A', '_B')), metadata)],
    ['B without A', () => encodeSafetensors(without(one), metadata)],
    ['no head', () => encodeSafetensors(without('classifier.bias'), metadata)],
    ['a head of three', () => encodeSafetensors(with_('classifier.weight', [3, 32]), metadata)],
    ['another tensor', () => encodeSafetensors(with_('pooler.weight', [2, 2]), metadata)],
    ['not a number', () => encodeSafetensors(with_(one, [3, 32], Number.NaN), metadata)],
  ];
  const without = (name: string) => new Map([...entries].filter(([other]) => other !== name));
  const with_ = (name: string, shape: number[], value = 0.5) =>
    new Map(entries).set(name, fromFloat32(new Float32Array(shape[0]! * shape[1]!).fill(value), shape));
  for (const [what, make] of damage) {
    writeFileSync(path, make());
    await expect(readAdapter(path), what).rejects.toMatchObject({ code: 'READER_BROKEN' });
  }
  await expect(readAdapter(join(dir, 'none'))).rejects.toMatchObject({ code: 'READER_BROKEN' });
});
