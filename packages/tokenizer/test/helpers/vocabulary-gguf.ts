import type { GgufVocabulary } from '../../src/index.ts';

/** Value types of GGUF metadata (gguf.h). */
const UINT32 = 4;
const INT32 = 5;
const BOOL = 7;
const STRING = 8;
const ARRAY = 9;

/** A GGUF file, version 3, without tensors: enough for libllama to load the vocabulary. */
export function vocabularyGguf(vocabulary: GgufVocabulary): Uint8Array {
  const out: Buffer[] = [];
  const u32 = (value: number) => {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32LE(value);
    out.push(buffer);
  };
  const u64 = (value: number) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigUInt64LE(BigInt(value));
    out.push(buffer);
  };
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    u64(bytes.length);
    out.push(bytes);
  };
  let count = 0;
  const values: Record<string, string | number | boolean | string[] | Int32Array> = {
    'general.architecture': 'llama',
    ...Object.fromEntries(
      Object.entries(vocabulary).map(([key, value]) => [
        key === 'chat_template' ? 'tokenizer.chat_template' : `tokenizer.ggml.${key}`,
        value,
      ]),
    ),
  };
  for (const [key, value] of Object.entries(values)) {
    text(key);
    count++;
    if (typeof value === 'string') {
      u32(STRING);
      text(value);
    } else if (typeof value === 'number') {
      u32(UINT32);
      u32(value);
    } else if (typeof value === 'boolean') {
      u32(BOOL);
      out.push(Buffer.of(value ? 1 : 0));
    } else {
      u32(ARRAY);
      u32(Array.isArray(value) ? STRING : INT32);
      u64(value.length);
      if (Array.isArray(value)) value.forEach(text);
      else out.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    }
  }
  const body = out.splice(0);
  out.push(Buffer.from('GGUF'));
  u32(3);
  u64(0);
  u64(count);
  return Buffer.concat([...out, ...body]);
}
