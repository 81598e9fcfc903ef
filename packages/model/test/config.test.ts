import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config.ts';
import { parameterCount, trainingFlopsPerToken } from '../src/flops.ts';
import { initialValues, parameterShapes } from '../src/parameters.ts';

/** The published shape of Lucie-7B (OpenLLM-France, config.json of the released model). */
const lucie7b = {
  vocab_size: 65024,
  hidden_size: 4096,
  intermediate_size: 12288,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  max_position_embeddings: 4096,
  rope_theta: 500000,
  rope_scaling: null,
  tie_word_embeddings: false,
};
const small = { ...lucie7b, vocab_size: 50, hidden_size: 16, intermediate_size: 24, num_hidden_layers: 2 };
const tiny = { ...small, num_attention_heads: 4, num_key_value_heads: 2 };

describe('parseConfig', () => {
  test('fills in what Hugging Face leaves out', () => {
    const config = parseConfig({ ...tiny, num_key_value_heads: undefined, unknown_field: 1 });
    expect(config).toMatchObject({
      num_key_value_heads: 4,
      head_dim: 4,
      rms_norm_eps: 1e-5,
      model_type: 'llama',
    });
    expect(config).not.toHaveProperty('unknown_field');
  });

  test('reads the rope fields of transformers 5', () => {
    const { rope_theta: _, ...rest } = tiny;
    const config = parseConfig({ ...rest, rope_parameters: { rope_type: 'default', rope_theta: 12345 } });
    expect(config).toMatchObject({ rope_theta: 12345, rope_scaling: null });
    const llama3 = {
      rope_type: 'llama3',
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 8192,
    };
    const scaled = parseConfig({ ...rest, rope_parameters: { ...llama3, rope_theta: 5e5 } });
    expect(scaled).toMatchObject({ rope_theta: 5e5, rope_scaling: llama3 });
  });

  test.each([
    ['heads that do not divide the width', { num_attention_heads: 3, num_key_value_heads: 3 }, 'head_dim'],
    ['groups that do not divide the heads', { num_key_value_heads: 3 }, 'num_key_value_heads'],
    ['an odd head', { head_dim: 3 }, 'head_dim'],
    ['another architecture', { model_type: 'mistral' }, 'model_type'],
    ['another activation', { hidden_act: 'gelu' }, 'hidden_act'],
    ['biases', { attention_bias: true }, 'attention_bias'],
    ['another rope scaling', { rope_scaling: { rope_type: 'yarn', factor: 2 } }, 'rope_scaling'],
    ['a negative size', { vocab_size: -1 }, 'vocab_size'],
    ['text for a number', { hidden_size: '16' }, 'hidden_size'],
  ])('refuses %s and names the field', (_name, change, field) => {
    expect(() => parseConfig({ ...tiny, ...change })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(field) }),
    );
  });

  test.each([[null], [7], [[]], ['{}']])('refuses %j', (value) => {
    expect(() => parseConfig(value)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

describe('counts', () => {
  test('Lucie-7B has 6,706,958,336 parameters', () => {
    expect(parameterCount(parseConfig(lucie7b))).toBe(6_706_958_336);
  });

  test('tied embeddings count once as parameters and fully as work', () => {
    const free = parseConfig(tiny);
    const tied = parseConfig({ ...tiny, tie_word_embeddings: true });
    expect(parameterCount(free) - parameterCount(tied)).toBe(50 * 16);
    expect(trainingFlopsPerToken(tied, 8)).toBe(trainingFlopsPerToken(free, 8));
  });

  test('the FLOPs formula, written out for a small shape', () => {
    // One layer: q and o 16×16, k and v 8×16, three MLP matrices 24×16, two norms; then the last norm and the head.
    const layer = 2 * 256 + 2 * 128 + 3 * 384 + 32;
    const expected = 6 * (2 * layer + 16 + 800) + 12 * 2 * 16 * 8;
    expect(trainingFlopsPerToken(parseConfig(tiny), 8)).toBe(expected);
  });
});

describe('initialValues', () => {
  const config = parseConfig(tiny);
  const of = (name: string, seed = 1) => initialValues(config, name, { seed });
  const std = (values: Float32Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

  test('depends on seed and name alone', () => {
    const name = 'model.layers.1.mlp.up_proj.weight';
    expect(of(name)).toEqual(of(name));
    expect(of(name)).not.toEqual(of(name, 2));
    expect(of(name)).not.toEqual(of('model.layers.1.mlp.gate_proj.weight'));
    // A deeper or wider vocabulary elsewhere leaves a matrix as it is.
    expect(initialValues(parseConfig({ ...tiny, vocab_size: 99 }), name, { seed: 1 })).toEqual(of(name));
  });

  test('norms are one; matrices have the configured spread, residual ones less', () => {
    const big = parseConfig({ ...tiny, hidden_size: 64, intermediate_size: 256 });
    const spread = (name: string) => std(initialValues(big, name, { seed: 3 }));
    expect(of('model.norm.weight')).toEqual(new Float32Array(16).fill(1));
    expect(spread('model.layers.0.mlp.up_proj.weight')).toBeCloseTo(0.02, 3);
    expect(spread('model.layers.0.mlp.down_proj.weight')).toBeCloseTo(0.02 / 2, 3);
    expect(spread('model.layers.0.self_attn.o_proj.weight')).toBeCloseTo(0.02 / 2, 3);
  });

  test('covers every parameter', () => {
    for (const [name, shape] of parameterShapes(config)) {
      expect(of(name)).toHaveLength(shape.reduce((a, b) => a * b, 1));
    }
  });
});
