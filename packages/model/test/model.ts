import { Tensor } from '@lucie/torch';
import { type LlamaConfig, type LlamaConfigInput, parseConfig } from '../src/config.ts';

/** A small shape with everything in it: grouped heads, several layers, an odd vocabulary. */
export function tinyConfig(change: Partial<LlamaConfigInput> = {}): LlamaConfig {
  return parseConfig({
    vocab_size: 37,
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 32,
    initializer_range: 0.3,
    ...change,
  });
}

/** int64 [rows, columns] */
export function idTensor(rows: number[][]): Tensor {
  return Tensor.from(BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0]!.length]);
}
