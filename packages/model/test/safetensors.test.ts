import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLucieError, Random } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromFloat32, toFloat32 } from '../src/half.ts';
import {
  encodeSafetensors,
  readSafetensors,
  readSafetensorsHeader,
  type SafetensorsEntry,
  writeSafetensors,
} from '../src/safetensors.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'safetensors-'));
});
afterAll(() => rm(dir, { recursive: true }));

function example(): Map<string, SafetensorsEntry> {
  const values = Float32Array.from({ length: 6 }, (_, i) => i - 2.5);
  return new Map<string, SafetensorsEntry>([
    ['b.half', fromFloat32(values, [2, 3], 'F16')],
    ['a.full', fromFloat32(values, [3, 2])],
    ['empty', { dtype: 'F32', shape: [0, 4], bytes: new Uint8Array() }],
    ['scalar', { dtype: 'I64', shape: [], bytes: new Uint8Array(new BigInt64Array([-7n]).buffer) }],
    ['constructor', { dtype: 'U8', shape: [1], bytes: Uint8Array.of(9) }],
  ]);
}

/** A file with this header text and this much data. */
async function file(header: string, dataBytes: number, declared = header.length): Promise<string> {
  const bytes = Buffer.alloc(8 + header.length + dataBytes);
  bytes.writeBigUInt64LE(BigInt(declared), 0);
  bytes.write(header, 8);
  const path = join(dir, 'made.safetensors');
  await writeFile(path, bytes);
  return path;
}

describe('a file', () => {
  test('gives back what was written, types and order of keys included', async () => {
    const path = join(dir, 'round.safetensors');
    await writeSafetensors(path, example());
    const back = await readSafetensors(path);
    expect(new Map([...back].sort())).toEqual(new Map([...example()].sort()));
  });

  test('has the layout of the published format', () => {
    const bytes = encodeSafetensors(new Map([['w', fromFloat32(Float32Array.of(1), [1])]]), {});
    const text = '{"__metadata__":{},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    const length = Math.ceil(text.length / 8) * 8;
    const expected = Buffer.concat([
      Buffer.from(new BigUint64Array([BigInt(length)]).buffer),
      Buffer.from(text.padEnd(length)),
      Buffer.from([0, 0, 0x80, 0x3f]),
    ]);
    expect(Buffer.from(bytes)).toEqual(expected);
  });

  test('is the same whatever the order of the tensors', () => {
    const reversed = new Map([...example()].reverse());
    expect(encodeSafetensors(reversed)).toEqual(encodeSafetensors(example()));
  });

  test('aligns every tensor to its own width', async () => {
    const path = join(dir, 'aligned.safetensors');
    await writeSafetensors(path, example());
    const { tensors } = await readSafetensorsHeader(path);
    const width = { I64: 8, F32: 4, F16: 2, U8: 1 } as Record<string, number>;
    for (const { dtype, start } of tensors.values()) expect(start % width[dtype]!).toBe(0);
  });
});

describe('a faulty file is refused with its fault named', () => {
  const one = (offsets: string, rest = '') =>
    `{"a":{"dtype":"F32","shape":[2],"data_offsets":${offsets}}${rest}}`;
  const cases: [string, () => Promise<string>, string][] = [
    ['shorter than its length field', () => file('', 0).then(cut(5)), 'SAFETENSORS_TRUNCATED'],
    ['header cut', () => file(one('[0,8]'), 0).then(cut(20)), 'SAFETENSORS_TRUNCATED'],
    ['data cut', () => file(one('[0,8]'), 7), 'SAFETENSORS_TRUNCATED'],
    ['data too long', () => file(one('[0,8]'), 9), 'SAFETENSORS_INVALID'],
    ['absurd header length', () => file(one('[0,8]'), 8, 2 ** 52), 'SAFETENSORS_INVALID'],
    ['no JSON', () => file('{"a":', 0), 'SAFETENSORS_INVALID'],
    ['not an object', () => file('[1,2]', 0), 'SAFETENSORS_INVALID'],
    ['unknown type', () => file(one('[0,8]').replace('F32', 'F31'), 8), 'SAFETENSORS_INVALID'],
    ['size against shape', () => file(one('[0,4]'), 4), 'SAFETENSORS_INVALID'],
    ['offsets backwards', () => file(one('[8,0]'), 8), 'SAFETENSORS_INVALID'],
    ['negative offsets', () => file(one('[-8,0]'), 8), 'SAFETENSORS_INVALID'],
    [
      'overlap',
      () => file(one('[0,8]', ',"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}'), 12),
      'SAFETENSORS_INVALID',
    ],
    [
      'gap',
      () => file(one('[0,8]', ',"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}'), 16),
      'SAFETENSORS_INVALID',
    ],
  ];
  const cut = (length: number) => async (path: string) => {
    await writeFile(path, (await readFile(path)).subarray(0, length));
    return path;
  };
  test.each(cases)('%s', async (_name, make, code) => {
    const path = await make();
    await expect(readSafetensors(path)).rejects.toMatchObject({ name: 'LucieError', code });
    await expect(readSafetensorsHeader(path)).rejects.toMatchObject({ code });
  });

  test('200 random mutations give a LucieError or a well-formed result, never a crash', async () => {
    const whole = encodeSafetensors(example());
    const random = new Random(1, 'mutations');
    const path = join(dir, 'mutated.safetensors');
    let refused = 0;
    for (let i = 0; i < 200; i++) {
      const bytes = whole.slice(0, i % 4 === 0 ? random.below(whole.length) : whole.length);
      for (let k = 0; k < 1 + (i % 3) && bytes.length > 0; k++)
        bytes[random.below(bytes.length)] = random.below(256);
      await writeFile(path, bytes);
      try {
        for (const entry of (await readSafetensors(path)).values())
          expect(entry.bytes).toBeInstanceOf(Uint8Array);
      } catch (error) {
        expect(isLucieError(error), String(error)).toBe(true);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
});

describe('half precision', () => {
  test('every bfloat16 and float16 value survives widening and narrowing', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
    for (const dtype of ['F16', 'BF16'] as const) {
      const entry = { dtype, shape: [65536], bytes: new Uint8Array(all.buffer) };
      const wide = toFloat32(entry);
      const narrow = new Uint16Array(fromFloat32(wide, [65536], dtype).bytes.buffer);
      const wrong = all.filter((bits, i) => !Number.isNaN(wide[i]) && narrow[i] !== bits);
      expect(wrong).toEqual(new Uint16Array());
      for (let i = 0; i < 65536; i++) {
        if (Number.isNaN(wide[i])) {
          const again = toFloat32({
            dtype,
            shape: [1],
            bytes: new Uint8Array(narrow.slice(i, i + 1).buffer),
          });
          expect(again[0]).toBeNaN();
        }
      }
    }
  });

  test('bfloat16 rounds to nearest, ties to even', () => {
    // 1 + 2⁻⁸ lies half-way between 1 and 1 + 2⁻⁷; 1 + 3·2⁻⁸ half-way between 1 + 2⁻⁷ and 1 + 2⁻⁶.
    const values = Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, -Infinity);
    const back = toFloat32(fromFloat32(values, [4], 'BF16'));
    expect([...back]).toEqual([1, 1 + 2 ** -6, 1 + 2 ** -7, -Infinity]);
  });
});
