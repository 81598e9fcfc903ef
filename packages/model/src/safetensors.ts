import { open, stat } from 'node:fs/promises';
import { LucieError, writeFileAtomic } from '@lucie/ledger';
import { z } from 'zod';

/** Bytes per value of each type that a safetensors file may hold. */
export const DTYPE_BYTES = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

export type SafetensorsDtype = keyof typeof DTYPE_BYTES;

/** One tensor as it lies in the file: row-major, little-endian. */
export interface SafetensorsEntry {
  dtype: SafetensorsDtype;
  shape: number[];
  bytes: Uint8Array;
}

const entryShape = z.strictObject({
  dtype: z.enum(Object.keys(DTYPE_BYTES) as [SafetensorsDtype, ...SafetensorsDtype[]]),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const headerShape = z.looseObject({ __metadata__: z.record(z.string(), z.string()).optional() });

/** The reference implementation's limit on the header. */
const MAX_HEADER = 100_000_000;

/**
 * The bytes of a safetensors file. Wide types come first, then names in order: every tensor is aligned and equal
 * tensors make equal files.
 */
export function encodeSafetensors(
  tensors: Map<string, SafetensorsEntry>,
  metadata: Record<string, string> = { format: 'pt' },
): Uint8Array {
  const entries = [...tensors].sort(
    ([a, x], [b, y]) => DTYPE_BYTES[y.dtype] - DTYPE_BYTES[x.dtype] || (a < b ? -1 : 1),
  );
  const header = new Map<string, unknown>([['__metadata__', metadata]]);
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of entries) {
    header.set(name, { dtype, shape, data_offsets: [end, (end += bytes.length)] });
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const padded = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + padded + end).fill(0x20, 8 + json.length, 8 + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(json, 8);
  let at = 8 + padded;
  for (const [, { bytes }] of entries) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/** Writes a safetensors file atomically. */
export function writeSafetensors(path: string, tensors: Map<string, SafetensorsEntry>): Promise<void> {
  return writeFileAtomic(path, encodeSafetensors(tensors));
}

/** A header without its data: what a file says it holds. */
export interface SafetensorsHeader {
  metadata: Record<string, string>;
  /** Type, shape and place of each tensor, `start` and `end` in bytes from the start of the file. */
  tensors: Map<string, { dtype: SafetensorsDtype; shape: number[]; start: number; end: number }>;
}

/**
 * Reads and checks a header: length, JSON, types, sizes against shapes, and that the tensors fill the file without gap
 * or overlap.
 * @throws LucieError `SAFETENSORS_INVALID`, or `SAFETENSORS_TRUNCATED` when the file ends before its tensors do
 */
export async function readSafetensorsHeader(path: string): Promise<SafetensorsHeader> {
  const { size } = await stat(path);
  const handle = await open(path, 'r');
  try {
    const read = async (length: number, at: number) => {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, at);
      return buffer.subarray(0, bytesRead);
    };
    if (size < 8) throw truncated(path, size, 8);
    const length = Number(new DataView((await read(8, 0)).buffer).getBigUint64(0, true));
    if (length < 2 || length > MAX_HEADER) throw invalid(path, `a header of ${length} bytes`);
    if (size < 8 + length) throw truncated(path, size, 8 + length);
    return checkHeader(path, await read(length, 8), size);
  } finally {
    await handle.close();
  }
}

/**
 * Reads a whole file.
 * @throws LucieError as `readSafetensorsHeader`
 */
export async function readSafetensors(path: string): Promise<Map<string, SafetensorsEntry>> {
  const { tensors } = await readSafetensorsHeader(path);
  const handle = await open(path, 'r');
  try {
    const entries = new Map<string, SafetensorsEntry>();
    for (const [name, { dtype, shape, start, end }] of tensors) {
      const bytes = new Uint8Array(end - start);
      // One read of the system ends at 2 GiB at the latest.
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, at, Math.min(bytes.length - at, 2 ** 30), start + at);
        if (bytesRead === 0) throw truncated(path, start + at, end);
        at += bytesRead;
      }
      entries.set(name, { dtype, shape, bytes });
    }
    return entries;
  } finally {
    await handle.close();
  }
}

function checkHeader(path: string, bytes: Uint8Array, size: number): SafetensorsHeader {
  let json: z.infer<typeof headerShape>;
  try {
    json = headerShape.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw invalid(path, 'a header that is not a JSON object', cause);
  }
  const dataStart = 8 + bytes.length;
  const { __metadata__: metadata = {}, ...rest } = json;
  const tensors: SafetensorsHeader['tensors'] = new Map();
  for (const [name, value] of Object.entries(rest)) {
    const entry = entryShape.safeParse(value);
    if (!entry.success) throw invalid(path, `no type, shape and offsets for tensor ${name}`, entry.error);
    const { dtype, shape, data_offsets: offsets } = entry.data;
    const expected = shape.reduce((a, b) => a * b, 1) * DTYPE_BYTES[dtype];
    if (offsets[1] - offsets[0] !== expected) {
      throw invalid(path, `tensor ${name} of ${expected} bytes at ${offsets[0]} to ${offsets[1]}`);
    }
    tensors.set(name, { dtype, shape, start: dataStart + offsets[0], end: dataStart + offsets[1] });
  }
  let end = dataStart;
  for (const [name, tensor] of [...tensors].sort(([, a], [, b]) => a.start - b.start || a.end - b.end)) {
    if (tensor.start !== end) throw invalid(path, `tensor ${name} that leaves a gap or overlaps another`);
    end = tensor.end;
  }
  if (size < end) throw truncated(path, size, end);
  if (size > end) throw invalid(path, `${size - end} bytes after the last tensor`);
  return { metadata, tensors };
}

function invalid(path: string, found: string, cause?: unknown): LucieError {
  return new LucieError({
    code: 'SAFETENSORS_INVALID',
    found: `${path} with ${found}`,
    expected: 'a safetensors file whose tensors fill it exactly',
    todo: 'fetch or build the file again',
    cause,
  });
}

function truncated(path: string, size: number, least: number): LucieError {
  return new LucieError({
    code: 'SAFETENSORS_TRUNCATED',
    found: `${path} with ${size} bytes`,
    expected: `at least ${least} bytes`,
    todo: 'fetch or build the file again',
  });
}
