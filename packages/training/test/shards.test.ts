import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type IdType, idTypeFor } from '../src/shards/format.ts';
import { Shard } from '../src/shards/reader.ts';
import { ShardWriter } from '../src/shards/writer.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shards-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function write(name: string, documents: number[][], type: IdType = 'uint16'): Promise<string> {
  const prefix = join(dir, name);
  const writer = await ShardWriter.create(prefix, type);
  for (const [i, tokens] of documents.entries()) await writer.add(`doc ${i}`, tokens);
  await writer.finish();
  return prefix;
}

const documents = [[5, 6, 1], [1], [7, 65535, 9, 1]];

describe('a shard', () => {
  test('gives back tokens, documents and ids', async () => {
    using shard = Shard.open(await write('round', documents));
    expect(shard.tokenCount).toBe(8);
    expect([...shard.read(0, 8)]).toEqual(documents.flat());
    expect([...shard.read(2, 3)]).toEqual([1, 1, 7]);
    expect([...shard.starts]).toEqual([0, 3, 4, 8]);
    expect([0, 2, 3, 4, 7].map((at) => shard.documentAt(at))).toEqual([0, 0, 1, 2, 2]);
    expect(shard.documentIds()).toEqual(['doc 0', 'doc 1', 'doc 2']);
    expect(() => shard.read(6, 3)).toThrow(RangeError);
    expect(() => shard.read(-1, 1)).toThrow(RangeError);
  });

  test('its bytes are Megatron’s', async () => {
    const prefix = await write('bytes', documents);
    const expected = Buffer.concat([
      Buffer.from('MMIDIDX\0\0', 'latin1'),
      Buffer.from(new BigUint64Array([1n]).buffer),
      Buffer.from([8]),
      Buffer.from(new BigUint64Array([3n, 4n]).buffer),
      Buffer.from(new Int32Array([3, 1, 4]).buffer),
      Buffer.from(new BigInt64Array([0n, 6n, 8n]).buffer),
      Buffer.from(new BigInt64Array([0n, 1n, 2n, 3n]).buffer),
    ]);
    expect(await readFile(`${prefix}.idx`)).toEqual(expected);
    expect((await readFile(`${prefix}.bin`)).subarray(0, 6)).toEqual(Buffer.from([5, 0, 6, 0, 1, 0]));
  });

  test('holds wide ids as int32', async () => {
    expect([idTypeFor(65_535), idTypeFor(65_536)]).toEqual(['uint16', 'int32']);
    using shard = Shard.open(await write('wide', [[70_000, 2], [123_456]], 'int32'));
    expect([...shard.read(1, 2)]).toEqual([2, 123_456]);
    expect((await readFile(join(dir, 'wide.idx')))[17]).toBe(4);
  });

  test('documents larger than the write buffer, and many small ones, stay in order', async () => {
    const random = new Random(1);
    const long = Array.from({ length: 3_000_000 }, () => random.below(60_000));
    const many = Array.from({ length: 3000 }, (_, i) => [i, i + 1]);
    using shard = Shard.open(await write('large', [[1, 2], long, ...many]));
    expect(shard.tokenCount).toBe(2 + long.length + 6000);
    expect([...shard.read(0, 5)]).toEqual([1, 2, ...long.slice(0, 3)]);
    expect([...shard.read(2 + long.length - 1, 5)]).toEqual([long.at(-1), 0, 1, 1, 2]);
  });

  test('refuses an id that does not fit, and leaves nothing behind when given up', async () => {
    const writer = await ShardWriter.create(join(dir, 'sub', 'narrow'), 'uint16');
    await expect(writer.add('x', [70_000])).rejects.toMatchObject({ code: 'TOKEN_OUT_OF_RANGE' });
    await writer.abandon();
    expect(await readdir(join(dir, 'sub'))).toEqual([]);
  });
});

describe('a faulty shard is refused', () => {
  async function damaged(suffix: string, change: (bytes: Buffer) => Uint8Array): Promise<string> {
    const prefix = await write('damaged', documents);
    await writeFile(prefix + suffix, change(await readFile(prefix + suffix)));
    return prefix;
  }
  const set = (at: number, value: number) => (bytes: Buffer) => {
    bytes[at] = value;
    return bytes;
  };
  test.each<[string, string, (bytes: Buffer) => Uint8Array, string]>([
    ['tokens cut', '.bin', (b) => b.subarray(0, -2), 'SHARD_TRUNCATED'],
    ['tokens too long', '.bin', (b) => Buffer.concat([b, b]), 'SHARD_INVALID'],
    ['index cut', '.idx', (b) => b.subarray(0, -1), 'SHARD_TRUNCATED'],
    ['index cut in its head', '.idx', (b) => b.subarray(0, 20), 'SHARD_TRUNCATED'],
    ['index too long', '.idx', (b) => Buffer.concat([b, b]), 'SHARD_INVALID'],
    ['empty index', '.idx', () => Buffer.alloc(0), 'SHARD_FOREIGN'],
    ['other magic', '.idx', set(0, 0x58), 'SHARD_FOREIGN'],
    ['other version', '.idx', set(9, 2), 'SHARD_FOREIGN'],
    ['other type', '.idx', set(17, 6), 'SHARD_FOREIGN'],
    ['absurd count', '.idx', set(24, 0x7f), 'SHARD_TRUNCATED'],
    ['another length', '.idx', set(34, 2), 'SHARD_INVALID'],
    ['negative length', '.idx', set(37, 0x80), 'SHARD_INVALID'],
    ['another offset', '.idx', set(54, 7), 'SHARD_INVALID'],
    ['documents not from 0', '.idx', set(70, 1), 'SHARD_INVALID'],
    ['documents backwards', '.idx', set(78, 3), 'SHARD_INVALID'],
    ['documents beyond the end', '.idx', set(94, 4), 'SHARD_INVALID'],
  ])('%s', async (_name, suffix, change, code) => {
    const prefix = await damaged(suffix, change);
    expect(() => Shard.open(prefix)).toThrow(expect.objectContaining({ name: 'LucieError', code }));
  });

  test('a missing file, and ids that do not match the documents', async () => {
    const prefix = await damaged('.documents.jsonl', (b) => b.subarray(0, 10));
    using shard = Shard.open(prefix);
    expect(() => shard.documentIds()).toThrow(expect.objectContaining({ code: 'SHARD_TRUNCATED' }));
    await rm(`${prefix}.bin`);
    expect(() => Shard.open(prefix)).toThrow(expect.objectContaining({ code: 'SHARD_MISSING' }));
  });
});
