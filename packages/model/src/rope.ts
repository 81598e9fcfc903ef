import { Tensor } from '@lucie/torch';
import type { LlamaConfig } from './config.ts';

/** Cosines and sines of every position's angles, both [max_position_embeddings, head_dim / 2]. */
export interface RopeTable {
  cos: Tensor;
  sin: Tensor;
}

/**
 * Angles per position, `rope_theta^(−2i/head_dim)` for pair i (Su et al. 2021, RoFormer), with Llama 3.1's rescaling
 * of slow pairs where the configuration asks for it.
 */
export function ropeFrequencies(config: LlamaConfig): Float64Array {
  const { head_dim: width, rope_theta: theta, rope_scaling: scaling } = config;
  const frequencies = Float64Array.from({ length: width / 2 }, (_, i) => theta ** ((-2 * i) / width));
  if (!scaling) return frequencies;
  return frequencies.map((frequency) => {
    // Pairs that turn often within the original context stay, those that hardly turn slow down by `factor`, and
    // between the two limits the change is gradual.
    const turns = (scaling.original_max_position_embeddings * frequency) / (2 * Math.PI);
    const { low_freq_factor: low, high_freq_factor: high, factor } = scaling;
    const kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
    return frequency * (kept + (1 - kept) / factor);
  });
}

/** The table for `ops.rope`, which turns feature i of a head together with feature i + head_dim / 2. */
export function ropeTable(config: LlamaConfig, opts: { dtype: 'float32' | 'float64' }): RopeTable {
  const frequencies = ropeFrequencies(config);
  const shape = [config.max_position_embeddings, frequencies.length];
  const table = (turn: (angle: number) => number) => {
    const values = Float64Array.from({ length: shape[0]! * shape[1]! }, (_, i) =>
      turn(Math.floor(i / frequencies.length) * frequencies[i % frequencies.length]!),
    );
    return Tensor.from(opts.dtype === 'float64' ? values : Float32Array.from(values), shape);
  };
  return { cos: table(Math.cos), sin: table(Math.sin) };
}
