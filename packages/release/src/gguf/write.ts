import { open, rename, rm } from 'node:fs/promises';
import { encodeEntry, encodeString, type Metadata, number } from './metadata.ts';

/** ggml's numbers of the types written here. */
const GGML_TYPE = { F32: 0, F16: 1 } as const;
const BYTES = { F32: 4, F16: 2 } as const;

/** Every tensor begins at a multiple of this many bytes from the start of the data; GGUF's default. */
const ALIGNMENT = 32;

/** A tensor to be written; its values are asked for when their turn comes, so that one at a time is in memory. */
export interface TensorSource {
  /** GGUF name, e.g. `blk.0.attn_q.weight`. */
  name: string;
  /** As in Hugging Face, outermost dimension first; written innermost first, as ggml counts. */
  shape: readonly number[];
  type: keyof typeof GGML_TYPE;
  values: () => Promise<Float32Array>;
}

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
        const bytes = encodeTensor(tensor, await tensor.values());
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
    offset = aligned(offset + elements(tensor) * BYTES[tensor.type]);
  }
  const head = Buffer.concat(parts);
  return Buffer.concat([head, Buffer.alloc(aligned(head.length) - head.length)]);
}

function encodeTensor(tensor: TensorSource, values: Float32Array): Uint8Array {
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

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
