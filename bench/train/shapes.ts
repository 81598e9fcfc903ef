import { type LlamaConfig, parseConfig } from '@lucie/model';

/** One training problem, the same for ours and for the peer, as JSON. */
export interface BenchShape {
  name: string;
  config: LlamaConfig;
  batch: number;
  length: number;
  threads: number;
  warmup: number;
  steps: number;
  lr: number;
  clip: number;
  optimizer: { weight_decay: number; beta1: number; beta2: number; eps: number };
}

const common = {
  length: 256,
  threads: 2,
  warmup: 3,
  lr: 1e-3,
  clip: 1,
  optimizer: { weight_decay: 0.1, beta1: 0.9, beta2: 0.95, eps: 1e-8 },
};

/** `nano`'s shape, and 9 million parameters. */
export const benchShapes: readonly BenchShape[] = [
  {
    ...common,
    name: 'nano',
    batch: 16,
    steps: 20,
    config: parseConfig({
      vocab_size: 4096,
      hidden_size: 128,
      intermediate_size: 352,
      num_hidden_layers: 4,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      max_position_embeddings: 256,
      tie_word_embeddings: true,
    }),
  },
  {
    ...common,
    name: '9M',
    batch: 8,
    steps: 10,
    config: parseConfig({
      vocab_size: 8192,
      hidden_size: 256,
      intermediate_size: 768,
      num_hidden_layers: 6,
      num_attention_heads: 4,
      num_key_value_heads: 4,
      max_position_embeddings: 256,
      tie_word_embeddings: false,
    }),
  },
];
