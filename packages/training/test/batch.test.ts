import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBatch } from '../src/batch.ts';
import { Shard } from '../src/shards/reader.ts';
import { ShardWriter } from '../src/shards/writer.ts';

let dir: string;
let shards: Shard[];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'batch-'));
  for (const [name, first] of [
    ['a', 10],
    ['b', 40],
  ] as const) {
    const writer = await ShardWriter.create(join(dir, name), 'uint16');
    await writer.add(
      'one',
      Array.from({ length: 12 }, (_, i) => first + i),
    );
    await writer.finish();
  }
  shards = ['a', 'b'].map((name) => Shard.open(join(dir, name)));
});
afterAll(async () => {
  for (const shard of shards) shard[Symbol.dispose]();
  await rm(dir, { recursive: true });
});

const samples = [
  { source: 0, start: 2, epoch: 0 },
  { source: 1, start: 8, epoch: 0 },
];

test('rows are the samples, targets their successors', () => {
  const { shape, ids, targets } = readBatch(samples, shards, { sequenceLength: 3, vocabSize: 52 });
  expect(shape).toEqual([2, 3]);
  expect([...ids].map(Number)).toEqual([12, 13, 14, 48, 49, 50]);
  expect([...targets].map(Number)).toEqual([13, 14, 15, 49, 50, 51]);
});

test('an id without an embedding is refused, be it only a target', () => {
  expect(() => readBatch(samples, shards, { sequenceLength: 3, vocabSize: 51 })).toThrow(
    expect.objectContaining({ code: 'TOKEN_OUT_OF_RANGE', message: expect.stringContaining('51') }),
  );
});
