import { Random } from '@lucie/ledger';
import { type E5Config, expectedTensors } from '../../src/read/e5-tensors.ts';
import { quantizeQ4 } from '../../src/read/q4.ts';

/** As small as the format allows. */
export const TINY: E5Config = {
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 64,
  vocab_size: 40,
  max_position_embeddings: 64,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
};

/** The first four are marks, as XLM-RoBERTa has them; '▁' is where a word begins. */
export const TINY_PIECES: readonly string[] = [
  '<s>',
  '<pad>',
  '</s>',
  '<unk>',
  '▁',
  ...'abcdefghijklmnopqrstuvwxyzé:?.',
  '▁query',
  '▁le',
];

export interface MadeE5 {
  config?: E5Config;
  pieces?: readonly string[];
  /** Code point to those that take its place, in order. */
  normalisation?: readonly (readonly [number, readonly number[]])[];
  seed?: number;
}

/** A packed file "E5S1" with random weights. */
export function madeE5({
  config = TINY,
  pieces = TINY_PIECES,
  normalisation = [
    [0x01, []],
    [0xa0, [0x20]],
  ],
  seed = 1,
}: MadeE5 = {}): Uint8Array {
  const random = new Random(seed);
  const parts: Uint8Array[] = [];
  const put = (bytes: number, write: (view: DataView) => void) => {
    const part = new Uint8Array(bytes);
    write(new DataView(part.buffer));
    parts.push(part);
  };
  const i32 = (value: number) => put(4, (view) => view.setInt32(0, value, true));
  const f32 = (value: number) => put(4, (view) => view.setFloat32(0, value, true));
  const u64 = (value: number) => put(8, (view) => view.setBigUint64(0, BigInt(value), true));
  const size = () => parts.reduce((sum, part) => sum + part.length, 0);

  parts.push(new TextEncoder().encode('E5S1'));
  i32(1);
  const { layer_norm_eps, ...sizes } = config;
  for (const value of Object.values(sizes)) i32(value);
  f32(layer_norm_eps);
  i32(32);

  for (const value of [pieces.length, 0, 2, 1, 3]) i32(value);
  const utf8 = pieces.map((piece) => new TextEncoder().encode(piece));
  u64(utf8.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const length of [0, ...utf8.map((piece) => piece.length)]) i32((at += length));
  for (const piece of utf8.keys()) f32(piece < 4 ? 0 : -1 - piece / 10);
  parts.push(...utf8);
  i32(normalisation.length);
  i32(normalisation.reduce((sum, [, others]) => sum + 5 + 4 * others.length, 0));
  for (const [codePoint, others] of normalisation) {
    i32(codePoint);
    parts.push(Uint8Array.of(others.length));
    for (const other of others) i32(other);
  }

  const tensors = expectedTensors(config).map(({ name, shape, dtype }) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const isScale = /ln\.w$/.test(name);
    const values = Float32Array.from({ length: count }, () => (isScale ? 1 : 0) + (random.float() - 0.5) / 4);
    return {
      name,
      dtype,
      count,
      bytes: dtype === 'F32' ? new Uint8Array(values.buffer) : quantizeQ4(values),
    };
  });
  const directory = tensors.reduce((sum, { name }) => sum + 2 + name.length + 1 + 4 + 16, 4);
  let offset = Math.ceil((size() + directory) / 64) * 64;
  const start = offset;
  i32(tensors.length);
  for (const { name, dtype, count, bytes } of tensors) {
    put(2, (view) => view.setUint16(0, name.length, true));
    parts.push(new TextEncoder().encode(name), Uint8Array.of(dtype === 'F32' ? 0 : 1));
    i32(count);
    u64(offset);
    u64(bytes.length);
    offset += bytes.length;
  }
  parts.push(new Uint8Array(start - size()));
  for (const { bytes } of tensors) parts.push(bytes);
  return new Uint8Array(Buffer.concat(parts));
}
