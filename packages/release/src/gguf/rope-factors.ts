import type { LlamaConfig } from '@lucie/model';

/**
 * By how much llama.cpp divides each RoPE frequency, for Llama 3.1's rescaling: 1 for short wavelengths, `factor` for
 * long ones, between them by the share of the original context that a wavelength takes (Grattafiori et al. 2024).
 * @returns [head_dim / 2], the tensor `rope_freqs.weight`; undefined without rescaling
 */
export function ropeFactors(config: LlamaConfig): Float32Array | undefined {
  const scaling = config.rope_scaling;
  if (!scaling) return undefined;
  const { factor, low_freq_factor: low, high_freq_factor: high } = scaling;
  return Float32Array.from({ length: config.head_dim / 2 }, (_, i) => {
    const wavelength = 2 * Math.PI * config.rope_theta ** ((2 * i) / config.head_dim);
    const turns = scaling.original_max_position_embeddings / wavelength;
    if (turns > high) return 1;
    if (turns < low) return factor;
    const smooth = (turns - low) / (high - low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}
