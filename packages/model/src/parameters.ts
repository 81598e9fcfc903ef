import { Random } from '@lucie/ledger';
import type { LlamaConfig } from './config.ts';

/**
 * Names and shapes of all parameters, as Hugging Face's `LlamaForCausalLM` has them; matrices are [out, in]. With tied
 * embeddings there is no `lm_head.weight`.
 */
export function parameterShapes(config: LlamaConfig): Map<string, number[]> {
  const width = config.hidden_size;
  const queries = config.num_attention_heads * config.head_dim;
  const keys = config.num_key_value_heads * config.head_dim;
  const shapes = new Map<string, number[]>();
  shapes.set('model.embed_tokens.weight', [config.vocab_size, width]);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const at = `model.layers.${layer}`;
    shapes.set(`${at}.input_layernorm.weight`, [width]);
    shapes.set(`${at}.self_attn.q_proj.weight`, [queries, width]);
    shapes.set(`${at}.self_attn.k_proj.weight`, [keys, width]);
    shapes.set(`${at}.self_attn.v_proj.weight`, [keys, width]);
    shapes.set(`${at}.self_attn.o_proj.weight`, [width, queries]);
    shapes.set(`${at}.post_attention_layernorm.weight`, [width]);
    shapes.set(`${at}.mlp.gate_proj.weight`, [config.intermediate_size, width]);
    shapes.set(`${at}.mlp.up_proj.weight`, [config.intermediate_size, width]);
    shapes.set(`${at}.mlp.down_proj.weight`, [width, config.intermediate_size]);
  }
  shapes.set('model.norm.weight', [width]);
  if (!config.tie_word_embeddings) shapes.set('lm_head.weight', [config.vocab_size, width]);
  return shapes;
}

/**
 * Initial values of one parameter, a function of (seed, name) alone: norms are 1, matrices normal with
 * `initializer_range`. The two matrices of a layer that write into the residual stream are smaller by √(2·layers), so
 * that the stream's variance at the top does not grow with depth (Radford et al. 2019, GPT-2, §2.3).
 */
export function initialValues(config: LlamaConfig, name: string, opts: { seed: number }): Float32Array {
  const shape = parameterShapes(config).get(name);
  if (!shape) throw new RangeError(`no parameter ${name}`);
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  if (shape.length === 1) return values.fill(1);
  const residual = name.endsWith('o_proj.weight') || name.endsWith('down_proj.weight');
  const std = config.initializer_range / (residual ? Math.sqrt(2 * config.num_hidden_layers) : 1);
  const random = new Random(opts.seed, name);
  for (let i = 0; i < values.length; i++) values[i] = std * random.normal();
  return values;
}
