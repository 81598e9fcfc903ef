/** GGUF's type numbers of metadata values, from the format's specification (version 3). */
const TYPE = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9, u64: 10 } as const;

type Scalar =
  | { type: 'u32' | 'i32' | 'f32' | 'u64'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'string'; value: string };

/** A metadata value with the type it is stored as. */
export type MetadataValue =
  | Scalar
  | { type: 'array'; of: 'string'; value: readonly string[] }
  | { type: 'array'; of: 'i32' | 'f32'; value: readonly number[] };

/** Keys in the order in which they are written. */
export type Metadata = Map<string, MetadataValue>;

export const u32 = (value: number): MetadataValue => ({ type: 'u32', value });
export const f32 = (value: number): MetadataValue => ({ type: 'f32', value });
export const bool = (value: boolean): MetadataValue => ({ type: 'bool', value });
export const string = (value: string): MetadataValue => ({ type: 'string', value });
export const strings = (value: readonly string[]): MetadataValue => ({ type: 'array', of: 'string', value });
export const i32s = (value: readonly number[]): MetadataValue => ({ type: 'array', of: 'i32', value });

/** Bytes of one key and its value. */
export function encodeEntry(key: string, value: MetadataValue): Uint8Array {
  return Buffer.concat([encodeString(key), number(4, TYPE[value.type]), encodeValue(value)]);
}

/** A length of 64 bits, then UTF-8. */
export function encodeString(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  return Buffer.concat([number(8, bytes.length), bytes]);
}

/** Little-endian unsigned integer of 4 or 8 bytes. */
export function number(bytes: 4 | 8, value: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 4) buffer.writeUInt32LE(value);
  else buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function encodeValue(value: MetadataValue): Uint8Array {
  switch (value.type) {
    case 'u32':
      return number(4, value.value);
    case 'u64':
      return number(8, value.value);
    case 'i32':
      return new Uint8Array(Int32Array.of(value.value).buffer);
    case 'f32':
      return new Uint8Array(Float32Array.of(value.value).buffer);
    case 'bool':
      return Uint8Array.of(value.value ? 1 : 0);
    case 'string':
      return encodeString(value.value);
    case 'array': {
      const head = Buffer.concat([number(4, TYPE[value.of]), number(8, value.value.length)]);
      const items =
        value.of === 'string'
          ? Buffer.concat(value.value.map(encodeString))
          : Buffer.from((value.of === 'i32' ? Int32Array : Float32Array).from(value.value).buffer);
      return Buffer.concat([head, items]);
    }
  }
}
