import type { LlamaConfig } from './config.ts';
import { parameterShapes } from './parameters.ts';

/** Number of trained values; tied embeddings count once. */
export function parameterCount(config: LlamaConfig): number {
  let count = 0;
  for (const shape of parameterShapes(config).values()) count += shape.reduce((a, b) => a * b, 1);
  return count;
}

/**
 * Floating-point operations to train on one token: 6 per parameter that takes part in a matrix product (2 forward,
 * 4 backward) plus attention's scores and weighted sum, 12·L·D·T, causality not deducted (Chowdhery et al. 2022, PaLM,
 * appendix B). `6·(N − V·D) + 12·L·D·T`, where N counts the output matrix even when it is tied, and V·D is the input
 * lookup, which multiplies nothing. D is heads × head width.
 */
export function trainingFlopsPerToken(config: LlamaConfig, sequenceLength: number): number {
  const lookup = config.vocab_size * config.hidden_size;
  const multiplied = parameterCount(config) - (config.tie_word_embeddings ? 0 : lookup);
  const attention = config.num_hidden_layers * config.num_attention_heads * config.head_dim * sequenceLength;
  return 6 * multiplied + 12 * attention;
}
