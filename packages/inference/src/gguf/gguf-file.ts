import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { LucieError } from '@lucie/ledger';
import { GgufReader } from './gguf-reader.ts';

/** A scalar, a string, or an array of them; 64-bit integers are numbers where that is exact. */
export type GgufValue = number | bigint | boolean | string | GgufValue[];

export interface GgufTensor {
  name: string;
  /** Innermost dimension first, as ggml counts: a Hugging Face `[out, in]` matrix is `[in, out]` here. */
  shape: number[];
  /** ggml's type number: 0 F32, 1 F16, 2 Q4_0, 8 Q8_0, … */
  type: number;
  /** Bytes from the beginning of the file. */
  offset: number;
  bytes: number;
}

export interface GgufHeader {
  version: number;
  metadata: Map<string, GgufValue>;
  tensors: GgufTensor[];
  alignment: number;
}

/** [elements, bytes] per block of every type of ggml v0.25, by its number: the structures of `ggml-common.h`. */
const BLOCKS = new Map<number, [elements: number, bytes: number]>([
  [0, [1, 4]],
  [1, [1, 2]],
  [2, [32, 18]],
  [3, [32, 20]],
  [6, [32, 22]],
  [7, [32, 24]],
  [8, [32, 34]],
  [10, [256, 84]],
  [11, [256, 110]],
  [12, [256, 144]],
  [13, [256, 176]],
  [14, [256, 210]],
  [16, [256, 66]],
  [17, [256, 74]],
  [18, [256, 98]],
  [19, [256, 50]],
  [20, [32, 18]],
  [21, [256, 110]],
  [22, [256, 82]],
  [23, [256, 136]],
  [24, [1, 1]],
  [25, [1, 2]],
  [26, [1, 4]],
  [27, [1, 8]],
  [28, [1, 8]],
  [29, [256, 56]],
  [30, [1, 2]],
  [34, [256, 54]],
  [35, [256, 66]],
  [39, [32, 17]],
  [40, [64, 36]],
  [41, [128, 18]],
  [42, [64, 18]],
]);

/** Elements and bytes per block of a type; undefined for a number that no type has. */
export function ggmlBlock(type: number): [elements: number, bytes: number] | undefined {
  return BLOCKS.get(type);
}

/** Names of the types that this project writes or meets. */
export const GGML_TYPES = new Map<number, string>([
  [0, 'F32'],
  [1, 'F16'],
  [2, 'Q4_0'],
  [8, 'Q8_0'],
  [12, 'Q4_K'],
  [13, 'Q5_K'],
  [14, 'Q6_K'],
  [30, 'BF16'],
]);

const MAX_DIMENSIONS = 4;

/**
 * Reads and checks the head of a GGUF file (versions 2 and 3, little endian): every count, string and tensor must lie
 * inside the file. The weights are not read.
 * @throws LucieError `MODEL_MISSING`, `MODEL_FOREIGN` (not a GGUF), `MODEL_TRUNCATED`, `MODEL_INVALID`
 */
export function readGguf(path: string): GgufHeader {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (cause) {
    throw new LucieError({
      code: 'MODEL_MISSING',
      found: `no readable file ${path}`,
      expected: 'a GGUF model',
      todo: 'check the path, or build a model with: ./lucie make nano',
      cause,
    });
  }
  try {
    const stat = fstatSync(fd);
    const size = stat.isFile() ? stat.size : 0;
    return parse(new GgufReader((into, at) => readSync(fd, into, 0, into.length, at), size, path), path);
  } finally {
    closeSync(fd);
  }
}

function parse(reader: GgufReader, path: string): GgufHeader {
  const magic = reader.size < 8 ? '' : reader.text(4);
  if (magic !== 'GGUF') {
    throw new LucieError({
      code: 'MODEL_FOREIGN',
      found: `${path} that begins with ${JSON.stringify(magic)}`,
      expected: 'a GGUF file, which begins with "GGUF"',
      todo: 'name a .gguf file',
    });
  }
  const version = reader.u32();
  if (version !== 2 && version !== 3)
    throw reader.invalid(`version ${version}`, 'version 2 or 3, little endian');
  const tensorCount = reader.count('tensors', 24);
  const metadataCount = reader.count('metadata entries', 13);
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < metadataCount; i++) {
    const key = reader.string();
    if (metadata.has(key)) throw reader.invalid(`the key ${key} twice`, 'every key once');
    metadata.set(key, reader.value(reader.u32()));
  }
  const alignment = metadata.get('general.alignment') ?? 32;
  if (typeof alignment !== 'number' || alignment < 8 || alignment > 65_536 || alignment % 8 !== 0) {
    throw reader.invalid(`alignment ${String(alignment)}`, 'a small multiple of 8');
  }
  const tensors = Array.from({ length: tensorCount }, () => readTensor(reader));
  const start = Math.ceil(reader.position / alignment) * alignment;
  const names = new Set<string>();
  for (const tensor of tensors) {
    if (tensor.offset % alignment !== 0)
      throw reader.invalid(`tensor ${tensor.name} off its alignment`, `${alignment}`);
    if (names.has(tensor.name)) throw reader.invalid(`tensor ${tensor.name} twice`, 'every tensor once');
    names.add(tensor.name);
    tensor.offset += start;
    if (tensor.offset + tensor.bytes > reader.size) {
      throw reader.truncated(`tensor ${tensor.name} up to byte ${tensor.offset + tensor.bytes}`);
    }
  }
  return { version, metadata, tensors, alignment };
}

function readTensor(reader: GgufReader): GgufTensor {
  const name = reader.string();
  const dimensions = reader.u32();
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw reader.invalid(`tensor ${name} with ${dimensions} dimensions`, `1 to ${MAX_DIMENSIONS}`);
  }
  const shape = Array.from({ length: dimensions }, () => reader.size64());
  const type = reader.u32();
  const offset = reader.size64();
  const block = BLOCKS.get(type);
  if (!block)
    throw reader.invalid(`tensor ${name} of type ${type}`, 'a type of ggml that this project knows');
  const elements = shape.reduce((a, b) => a * b, 1);
  if (!Number.isSafeInteger(elements) || elements === 0 || shape[0]! % block[0] !== 0) {
    throw reader.invalid(`tensor ${name} of shape [${shape}]`, `rows in multiples of ${block[0]}`);
  }
  return { name, shape, type, offset, bytes: (elements / block[0]) * block[1] };
}
