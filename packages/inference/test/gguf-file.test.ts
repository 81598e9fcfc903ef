import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type GgufHeader, type GgufValue, readGguf } from '../src/gguf/gguf-file.ts';
import { encodeEntry, encodeString, number, string, strings, u32 } from '../src/gguf/gguf-metadata.ts';
import { checkModel } from '../src/models/check-model.ts';

const dir = mkdtempSync(join(tmpdir(), 'lucie-header-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** A file from its parts; metadata entries and tensor descriptions as bytes. */
function file(parts: {
  version?: number;
  tensors?: bigint;
  entries?: Uint8Array[];
  entryCount?: bigint;
  rest?: Uint8Array[];
}): string {
  const u64 = (value: bigint) => new Uint8Array(BigUint64Array.of(value).buffer);
  const path = join(dir, 'made.gguf');
  const { version = 3, tensors = 0n, entries = [], rest = [] } = parts;
  writeFileSync(
    path,
    Buffer.concat([
      Buffer.from('GGUF'),
      number(4, version),
      u64(tensors),
      u64(parts.entryCount ?? BigInt(entries.length)),
      ...entries,
      ...rest,
    ]),
  );
  return path;
}

/** A tensor's description: name, shape, type, offset. */
function tensor(name: string, shape: number[], type = 0, offset = 0): Uint8Array {
  return Buffer.concat([
    encodeString(name),
    number(4, shape.length),
    ...shape.map((size) => number(8, size)),
    number(4, type),
    number(8, offset),
  ]);
}

const zeros = new Uint8Array(4096);
const huge = Buffer.alloc(8, 0xff);

describe('readGguf', () => {
  test('reads values of every kind, and where tensors lie', () => {
    const path = file({
      tensors: 1n,
      entries: [
        encodeEntry('a', u32(7)),
        encodeEntry('b', string('été')),
        encodeEntry('c', strings(['x', ''])),
      ],
      rest: [tensor('t', [4, 2]), zeros],
    });
    const header = readGguf(path);
    expect([...header.metadata]).toEqual([
      ['a', 7],
      ['b', 'été'],
      ['c', ['x', '']],
    ]);
    expect(header.tensors[0]).toMatchObject({ name: 't', shape: [4, 2], bytes: 32 });
    expect(header.tensors[0]!.offset % 32).toBe(0);
  });

  const bad: [what: string, code: string, parts: Parameters<typeof file>[0]][] = [
    ['version 1', 'MODEL_INVALID', { version: 1 }],
    ['big endian', 'MODEL_INVALID', { version: 0x03000000 }],
    ['2^50 tensors', 'MODEL_TRUNCATED', { tensors: 2n ** 50n, rest: [zeros] }],
    ['2^50 entries', 'MODEL_TRUNCATED', { entryCount: 2n ** 50n, rest: [zeros] }],
    ['more than a number holds', 'MODEL_TRUNCATED', { tensors: 2n ** 63n, rest: [zeros] }],
    ['a key that does not end', 'MODEL_TRUNCATED', { entryCount: 1n, rest: [huge, zeros] }],
    [
      'an array of 2^50 numbers',
      'MODEL_TRUNCATED',
      { entryCount: 1n, rest: [encodeString('a'), number(4, 9), number(4, 4), number(8, 2 ** 50), zeros] },
    ],
    [
      'a value of an unknown type',
      'MODEL_INVALID',
      { entryCount: 1n, rest: [encodeString('a'), number(4, 13), zeros] },
    ],
    [
      'arrays in arrays without end',
      'MODEL_INVALID',
      {
        entryCount: 1n,
        rest: [
          encodeString('a'),
          number(4, 9),
          ...Array.from({ length: 9 }, () => Buffer.concat([number(4, 9), number(8, 1)])),
          zeros,
        ],
      },
    ],
    ['a key twice', 'MODEL_INVALID', { entries: [encodeEntry('a', u32(1)), encodeEntry('a', u32(2))] }],
    [
      'text that is no UTF-8',
      'MODEL_INVALID',
      { entryCount: 1n, rest: [number(8, 1), Uint8Array.of(0xff), number(4, 4), number(4, 1)] },
    ],
    ['an alignment of 3', 'MODEL_INVALID', { entries: [encodeEntry('general.alignment', u32(3))] }],
    [
      'a tensor of 9 dimensions',
      'MODEL_INVALID',
      { tensors: 1n, rest: [tensor('t', new Array(9).fill(1)), zeros] },
    ],
    ['a tensor of an unknown type', 'MODEL_INVALID', { tensors: 1n, rest: [tensor('t', [1], 99), zeros] }],
    ['a tensor of nothing', 'MODEL_INVALID', { tensors: 1n, rest: [tensor('t', [0]), zeros] }],
    ['rows that are no whole blocks', 'MODEL_INVALID', { tensors: 1n, rest: [tensor('t', [40], 8), zeros] }],
    ['a tensor off its alignment', 'MODEL_INVALID', { tensors: 1n, rest: [tensor('t', [4], 0, 4), zeros] }],
    [
      'a tensor twice',
      'MODEL_INVALID',
      { tensors: 2n, rest: [tensor('t', [4]), tensor('t', [4], 0, 32), zeros] },
    ],
    ['a tensor beyond the end', 'MODEL_TRUNCATED', { tensors: 1n, rest: [tensor('t', [4096]), zeros] }],
  ];

  test.each(bad)('refuses %s', (_, code, parts) => {
    expect(() => readGguf(file(parts))).toThrow(expect.objectContaining({ name: 'LucieError', code }));
  });
});

describe('checkModel', () => {
  const sound: [string, GgufValue][] = [
    ['general.architecture', 'llama'],
    ['llama.block_count', 1],
    ['llama.context_length', 8],
    ['llama.embedding_length', 64],
    ['llama.attention.head_count', 2],
    ['llama.rope.dimension_count', 32],
    ['tokenizer.ggml.tokens', ['a', 'b', '', '']],
  ];
  const header = (changes: [string, GgufValue | undefined][] = []): GgufHeader => {
    const metadata = new Map<string, GgufValue>(sound);
    for (const [key, value] of changes) {
      if (value === undefined) metadata.delete(key);
      else metadata.set(key, value);
    }
    const embedding = { name: 'token_embd.weight', shape: [64, 4], type: 0, offset: 0, bytes: 1024 };
    return { version: 3, metadata, tensors: [embedding], alignment: 32 };
  };

  test('takes what is sound', () => {
    expect(() => checkModel(header(), 'x.gguf')).not.toThrow();
  });

  test.each<[string, GgufValue | undefined]>([
    ['general.architecture', undefined],
    ['llama.block_count', 0],
    ['llama.block_count', 513],
    ['llama.context_length', 0],
    ['llama.attention.head_count', 0],
    ['llama.attention.head_count_kv', 3],
    ['llama.attention.layer_norm_rms_epsilon', -1],
    ['llama.attention.layer_norm_rms_epsilon', Number.NaN],
    ['llama.rope.dimension_count', 31],
    ['llama.rope.dimension_count', 64],
    ['llama.embedding_length', 32],
    ['tokenizer.ggml.tokens', undefined],
    ['tokenizer.ggml.tokens', ['a', 'a', 'b', 'c']],
    ['tokenizer.ggml.tokens', ['a', 'a\0b', 'c', 'd']],
    ['tokenizer.ggml.tokens', ['a', 'b', 'c']],
    ['tokenizer.ggml.token_type', [1]],
  ])('refuses %s = %o', (key, value) => {
    expect(() => checkModel(header([[key, value]]), 'x.gguf')).toThrow(
      expect.objectContaining({ name: 'LucieError', code: 'MODEL_INVALID' }),
    );
  });
});
