import koffi, { type TypeObject } from 'koffi';
import { expect, test } from 'vitest';
import { findLibllama, libllama, libllamaFacts } from '../src/native/libllama.ts';

/**
 * Sizes and some offsets of llama.h of llama.cpp v0.5.0 on a 64-bit Linux, printed by a C program that includes it
 * (`sizeof`, `offsetof`, gcc 12, 2026-11-22).
 */
const FROM_C = {
  modelParams: {
    size: 80,
    offsets: { n_gpu_layers: 16, tensor_split: 40, kv_overrides: 64, vocab_only: 72, load_mtp: 77 },
  },
  contextParams: {
    size: 160,
    offsets: {
      n_threads: 28,
      rope_freq_base: 56,
      cb_eval: 88,
      type_k: 104,
      abort_callback: 112,
      embeddings: 128,
      kv_unified: 133,
      samplers: 136,
    },
  },
  batch: { size: 56, offsets: { token: 8, pos: 24, logits: 48 } },
  quantizeParams: {
    size: 64,
    offsets: { ftype: 4, allow_requantize: 16, dry_run: 21, imatrix: 24, max_buf_size: 56 },
  },
};

function layoutOf(type: TypeObject, names: string[]) {
  return {
    size: type.size,
    offsets: Object.fromEntries(names.map((name) => [name, koffi.offsetof(type, name)])),
  };
}

test.each(['modelParams', 'contextParams', 'batch', 'quantizeParams'] as const)(
  '%s lies as the C compiler lays it',
  (name) => {
    expect(layoutOf(libllama().types[name], Object.keys(FROM_C[name].offsets))).toEqual(FROM_C[name]);
  },
);

test("the library's own defaults arrive in their fields", () => {
  const lib = libllama();
  expect(lib.model_default_params()).toMatchObject({
    n_gpu_layers: -1,
    load_mode: -1,
    lazy_mode: 1,
    use_extra_bufts: true,
    vocab_only: false,
    load_mtp: false,
    tensor_split: null,
  });
  const context = lib.context_default_params();
  expect(context).toMatchObject({
    n_ctx: 512,
    n_batch: 2048,
    n_ubatch: 512,
    n_seq_max: 1,
    n_outputs_max_per_seq: 1,
    n_threads: 4,
    flash_attn_type: -1,
    yarn_ext_factor: -1,
    defrag_thold: -1,
    type_k: 1,
    type_v: 1,
    embeddings: false,
    offload_kqv: true,
    no_perf: true,
    swa_full: true,
    kv_unified: false,
    ctx_other: null,
  });
  expect(Number(context.n_samplers)).toBe(0);
  const quantize = lib.model_quantize_default_params();
  expect(quantize).toMatchObject({
    ftype: 7,
    quantize_output_tensor: true,
    allow_requantize: false,
    imatrix: null,
  });
  expect(Number(quantize.max_buf_size)).toBe(8 * 2 ** 30);
});

test('the engine says what it is', async () => {
  expect(findLibllama().version).toBe('3.22.1');
  expect(await libllamaFacts()).toMatch(
    /^libllama 3\.22\.1 \(llama\.cpp v0\.5\.0\), libggml-cpu-\w+\.so, [A-Z][\w ]+, \d+ of \d+ cores idle$/,
  );
});
