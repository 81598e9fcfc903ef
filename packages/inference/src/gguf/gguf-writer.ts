import { open, rename, rm } from 'node:fs/promises';
import { ggmlBlock } from './gguf-file.ts';
import { encodeEntry, encodeString, type Metadata, number } from './gguf-metadata.ts';

/** ggml's numbers of the types written here. */
const GGML_TYPE = { F32: 0, F16: 1, Q4_0: 2 } as const;

/** Every tensor begins at a multiple of this many bytes from the start of the data; GGUF's default. */
const ALIGNMENT = 32;

/** What every tensor to be written says of itself. */
interface Described {
  /** GGUF name, e.g. `blk.0.attn_q.weight`. */
  name: string;
  /** As in Hugging Face, outermost dimension first; written innermost first, as ggml counts. */
  shape: readonly number[];
}

/** A tensor to be written; its values are asked for when their turn comes, so that one at a time is in memory. */
export interface FloatTensor extends Described {
  type: 'F32' | 'F16';
  values: () => Promise<Float32Array>;
}

/** A tensor whose blocks are packed already, row after row. */
export interface PackedTensor extends Described {
  type: 'Q4_0';
  blocks: () => Promise<Uint8Array>;
}

export type TensorSource = FloatTensor | PackedTensor;

/** Writes a GGUF file, version 3, little endian; on failure nothing is left under its name. */
export async function writeGguf(
  path: string,
  metadata: Metadata,
  tensors: readonly TensorSource[],
): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    const handle = await open(aside, 'w');
    try {
      const head = encodeHead(metadata, tensors);
      await handle.writeFile(head);
      let position = head.length;
      for (const tensor of tensors) {
        const bytes = await encodeTensor(tensor);
        await handle.writeFile(bytes);
        position += bytes.length;
        const gap = aligned(position) - position;
        await handle.writeFile(new Uint8Array(gap));
        position += gap;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
}

function encodeHead(metadata: Metadata, tensors: readonly TensorSource[]): Uint8Array {
  const parts: Uint8Array[] = [
    Buffer.from('GGUF'),
    number(4, 3),
    number(8, tensors.length),
    number(8, metadata.size),
  ];
  for (const [key, value] of metadata) parts.push(encodeEntry(key, value));
  let offset = 0;
  for (const tensor of tensors) {
    parts.push(encodeString(tensor.name), number(4, tensor.shape.length));
    for (const size of tensor.shape.toReversed()) parts.push(number(8, size));
    parts.push(number(4, GGML_TYPE[tensor.type]), number(8, offset));
    offset = aligned(offset + bytesOf(tensor));
  }
  const head = Buffer.concat(parts);
  return Buffer.concat([head, Buffer.alloc(aligned(head.length) - head.length)]);
}

async function encodeTensor(tensor: TensorSource): Promise<Uint8Array> {
  if (tensor.type === 'Q4_0') {
    const blocks = await tensor.blocks();
    if (blocks.length !== bytesOf(tensor)) {
      throw new RangeError(`tensor ${tensor.name}: ${blocks.length} bytes for shape [${tensor.shape}]`);
    }
    return blocks;
  }
  const values = await tensor.values();
  if (values.length !== elements(tensor)) {
    throw new RangeError(`tensor ${tensor.name}: ${values.length} values for shape [${tensor.shape}]`);
  }
  return tensor.type === 'F32'
    ? new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    : new Uint8Array(Float16Array.from(values).buffer);
}

function elements(tensor: TensorSource): number {
  return tensor.shape.reduce((a, b) => a * b, 1);
}

function bytesOf(tensor: TensorSource): number {
  const [values, bytes] = ggmlBlock(GGML_TYPE[tensor.type])!;
  return (elements(tensor) / values) * bytes;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
