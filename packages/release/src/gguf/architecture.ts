import { f32, type Metadata, string, u32 } from '@lucie/inference';
import type { LlamaConfig } from '@lucie/model';

/** llama.cpp's number for "matrices F16, vectors F32". */
const FILE_TYPE_F16 = 1;

/** The keys by which llama.cpp builds a Llama of this configuration, under GGUF's names. */
export function architectureMetadata(config: LlamaConfig): Metadata {
  return new Map([
    ['general.architecture', string('llama')],
    ['general.file_type', u32(FILE_TYPE_F16)],
    ['llama.vocab_size', u32(config.vocab_size)],
    ['llama.context_length', u32(config.max_position_embeddings)],
    ['llama.embedding_length', u32(config.hidden_size)],
    ['llama.block_count', u32(config.num_hidden_layers)],
    ['llama.feed_forward_length', u32(config.intermediate_size)],
    ['llama.attention.head_count', u32(config.num_attention_heads)],
    ['llama.attention.head_count_kv', u32(config.num_key_value_heads)],
    ['llama.attention.key_length', u32(config.head_dim)],
    ['llama.attention.value_length', u32(config.head_dim)],
    ['llama.attention.layer_norm_rms_epsilon', f32(config.rms_norm_eps)],
    ['llama.rope.dimension_count', u32(config.head_dim)],
    ['llama.rope.freq_base', f32(config.rope_theta)],
  ]);
}
