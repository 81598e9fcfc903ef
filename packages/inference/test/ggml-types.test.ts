import { join } from 'node:path';
import koffi from 'koffi';
import { expect, test } from 'vitest';
import { GGML_TYPES, ggmlBlock } from '../src/gguf/gguf-file.ts';
import { findLibllama, libllama } from '../src/native/libllama.ts';

/** `GGML_TYPE_COUNT` of ggml v0.25; above it ggml's own functions must not be asked. */
const COUNT = 43;

test('block sizes and names of all types are those of the library', () => {
  libllama();
  const ggml = koffi.load(join(findLibllama().dir, 'libggml-base.so'));
  const elements = ggml.func('int64_t ggml_blck_size(int)') as (type: number) => number;
  const bytes = ggml.func('size_t ggml_type_size(int)') as (type: number) => number;
  const name = ggml.func('const char *ggml_type_name(int)') as (type: number) => string;
  for (let type = 0; type < COUNT; type++) {
    // Sizes of 0 stand for types that have been removed; Q8_1 and Q8_K are never stored.
    const stored = elements(type) > 0 && ![9, 15].includes(type);
    expect([type, ggmlBlock(type)]).toEqual([type, stored ? [elements(type), bytes(type)] : undefined]);
  }
  for (const [type, known] of GGML_TYPES) expect(name(type).toLowerCase()).toBe(known.toLowerCase());
});
