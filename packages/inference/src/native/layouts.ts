import koffi, { type TypeObject } from 'koffi';

type Fields = Record<string, 'pointer' | 'int32' | 'uint32' | 'float' | 'bool' | 'size_t'>;

/** The structures that libllama takes by value or by pointer: fields in the order of `llama.h`. */
export interface Layout {
  modelParams: Fields;
  contextParams: Fields;
  batch: Fields;
  quantizeParams: Fields;
}

/** `llama.h` of llama.cpp v0.5.0, which the prebuilt packages 3.22.1 were compiled from. Enums are `int32`. */
const v050: Layout = {
  modelParams: {
    devices: 'pointer',
    tensor_buft_overrides: 'pointer',
    n_gpu_layers: 'int32',
    split_mode: 'int32',
    load_mode: 'int32',
    lazy_mode: 'int32',
    main_gpu: 'int32',
    tensor_split: 'pointer',
    progress_callback: 'pointer',
    progress_callback_user_data: 'pointer',
    kv_overrides: 'pointer',
    vocab_only: 'bool',
    check_tensors: 'bool',
    use_extra_bufts: 'bool',
    no_host: 'bool',
    no_alloc: 'bool',
    load_mtp: 'bool',
  },
  contextParams: {
    n_ctx: 'uint32',
    n_batch: 'uint32',
    n_ubatch: 'uint32',
    n_seq_max: 'uint32',
    n_rs_seq: 'uint32',
    n_outputs_max: 'uint32',
    n_outputs_max_per_seq: 'uint32',
    n_threads: 'int32',
    n_threads_batch: 'int32',
    ctx_type: 'int32',
    rope_scaling_type: 'int32',
    pooling_type: 'int32',
    attention_type: 'int32',
    flash_attn_type: 'int32',
    rope_freq_base: 'float',
    rope_freq_scale: 'float',
    yarn_ext_factor: 'float',
    yarn_attn_factor: 'float',
    yarn_beta_fast: 'float',
    yarn_beta_slow: 'float',
    yarn_orig_ctx: 'uint32',
    defrag_thold: 'float',
    cb_eval: 'pointer',
    cb_eval_user_data: 'pointer',
    type_k: 'int32',
    type_v: 'int32',
    abort_callback: 'pointer',
    abort_callback_data: 'pointer',
    embeddings: 'bool',
    offload_kqv: 'bool',
    no_perf: 'bool',
    op_offload: 'bool',
    swa_full: 'bool',
    kv_unified: 'bool',
    samplers: 'pointer',
    n_samplers: 'size_t',
    ctx_other: 'pointer',
  },
  batch: {
    n_tokens: 'int32',
    token: 'pointer',
    embd: 'pointer',
    pos: 'pointer',
    n_seq_id: 'pointer',
    seq_id: 'pointer',
    logits: 'pointer',
  },
  quantizeParams: {
    nthread: 'int32',
    ftype: 'int32',
    output_tensor_type: 'int32',
    token_embedding_type: 'int32',
    allow_requantize: 'bool',
    quantize_output_tensor: 'bool',
    only_copy: 'bool',
    pure: 'bool',
    keep_split: 'bool',
    dry_run: 'bool',
    imatrix: 'pointer',
    kv_overrides: 'pointer',
    tt_overrides: 'pointer',
    prune_layers: 'pointer',
    max_buf_size: 'size_t',
  },
};

/**
 * Layouts by the version of the prebuilt package. A structure read with another version's layout corrupts memory, so a
 * version that is not here is refused; its `llama.h` is in the git bundle of the npm package `node-llama-cpp`.
 */
export const layouts = new Map<string, Layout>([['3.22.1', v050]]);

/** Field order, C types: what a comparison with `llama.h` needs. */
export function koffiStruct(fields: Fields): TypeObject {
  return koffi.struct(
    Object.fromEntries(
      Object.entries(fields).map(([name, type]) => [name, type === 'pointer' ? 'void *' : type]),
    ),
  );
}
