import { LucieError } from '@lucie/ledger';
import { ops, Tensor } from '@lucie/torch';
import type { LlamaConfig } from './config.ts';
import { initialValues, parameterShapes } from './parameters.ts';
import { type RopeTable, ropeTable, rotate } from './rope.ts';

/** Targets with this value do not count in the loss. */
export const IGNORE = -100;

/**
 * Llama 3.1 (Grattafiori et al. 2024): a decoder of pre-normalised blocks, each grouped-query attention with rotary
 * positions, then a SwiGLU network. Parameters carry Hugging Face's names. Dispose to free them.
 */
export class Llama implements Disposable {
  readonly config: LlamaConfig;
  readonly parameters: ReadonlyMap<string, Tensor>;
  readonly #rope: RopeTable;

  /** Takes over the tensors, which must have the names and shapes of `parameterShapes`. */
  constructor(config: LlamaConfig, parameters: Map<string, Tensor>) {
    this.config = config;
    this.parameters = parameters;
    const { dtype } = this.#parameter('model.norm.weight');
    this.#rope = ropeTable(config, { dtype: dtype === 'float64' ? 'float64' : 'float32' });
  }

  /** A fresh model: a function of configuration and seed. float64 is for measuring gradients. */
  static init(config: LlamaConfig, opts: { seed: number; dtype?: 'float32' | 'float64' }): Llama {
    const parameters = new Map<string, Tensor>();
    for (const [name, shape] of parameterShapes(config)) {
      const values = initialValues(config, name, opts);
      parameters.set(name, Tensor.from(opts.dtype === 'float64' ? Float64Array.from(values) : values, shape));
    }
    const model = new Llama(config, parameters);
    model.requireGrad();
    return model;
  }

  /** Lets `backward` collect gradients in every parameter. */
  requireGrad(): void {
    for (const parameter of this.parameters.values()) parameter.requiresGrad = true;
  }

  /**
   * Scores of every next token: ids [batch, time] (int64) → [batch, time, vocab_size].
   * @throws LucieError `CONTEXT_TOO_LONG`
   */
  logits(ids: Tensor): Tensor {
    return ops.linear(this.#hidden(ids), this.#head);
  }

  /**
   * Mean cross-entropy in nats over the targets that are not −100: ids and targets [batch, time] (int64) → scalar.
   * @throws LucieError `CONTEXT_TOO_LONG`
   */
  loss(ids: Tensor, targets: Tensor): Tensor {
    const logits = ops.flatten(this.logits(ids), { end_dim: 1 });
    return ops.cross_entropy_loss(logits, ops.flatten(targets), { ignore_index: IGNORE });
  }

  [Symbol.dispose](): void {
    for (const tensor of [...this.parameters.values(), this.#rope.cos, this.#rope.sin]) tensor.dispose();
  }

  /** [batch, time] → the residual stream above the last block, normalised: [batch, time, hidden_size]. */
  #hidden(ids: Tensor): Tensor {
    const rope = this.#positions(ids.shape[1]!);
    let x = ops.embedding(this.#parameter('model.embed_tokens.weight'), ids);
    for (let layer = 0; layer < this.config.num_hidden_layers; layer++) {
      const at = `model.layers.${layer}`;
      x = ops.add(x, this.#attention(`${at}.self_attn`, this.#norm(`${at}.input_layernorm`, x), rope));
      x = ops.add(x, this.#swiglu(`${at}.mlp`, this.#norm(`${at}.post_attention_layernorm`, x)));
    }
    return this.#norm('model.norm', x);
  }

  #attention(at: string, x: Tensor, rope: RopeTable): Tensor {
    const [batch, time] = x.shape as [number, number];
    const { num_attention_heads: heads, num_key_value_heads: groups, head_dim: width } = this.config;
    const split = (name: string, count: number) =>
      ops.view(this.#linear(`${at}.${name}`, x), [batch, time, count, width]);
    const q = ops.transpose(rotate(split('q_proj', heads), rope), 1, 2);
    const k = ops.transpose(rotate(split('k_proj', groups), rope), 1, 2);
    const v = ops.transpose(split('v_proj', groups), 1, 2);
    // Each key-value head serves heads / groups query heads.
    const mixed = ops.scaled_dot_product_attention(q, k, v, { is_causal: true, enable_gqa: groups < heads });
    return this.#linear(
      `${at}.o_proj`,
      ops.reshape(ops.transpose(mixed, 1, 2), [batch, time, heads * width]),
    );
  }

  #swiglu(at: string, x: Tensor): Tensor {
    const gate = ops.silu(this.#linear(`${at}.gate_proj`, x));
    return this.#linear(`${at}.down_proj`, ops.mul(gate, this.#linear(`${at}.up_proj`, x)));
  }

  #norm(name: string, x: Tensor): Tensor {
    const { hidden_size: width, rms_norm_eps: epsilon } = this.config;
    return ops._fused_rms_norm(x, [width], this.#parameter(`${name}.weight`), epsilon)[0];
  }

  #linear(name: string, x: Tensor): Tensor {
    return ops.linear(x, this.#parameter(`${name}.weight`));
  }

  get #head(): Tensor {
    return this.#parameter(this.config.tie_word_embeddings ? 'model.embed_tokens.weight' : 'lm_head.weight');
  }

  #positions(time: number): RopeTable {
    const longest = this.config.max_position_embeddings;
    if (time > longest) {
      throw new LucieError({
        code: 'CONTEXT_TOO_LONG',
        found: `${time} tokens`,
        expected: `at most ${longest}, the model's max_position_embeddings`,
        todo: 'shorten the text',
      });
    }
    return { cos: ops.narrow(this.#rope.cos, 0, 0, time), sin: ops.narrow(this.#rope.sin, 0, 0, time) };
  }

  #parameter(name: string): Tensor {
    const tensor = this.parameters.get(name);
    if (!tensor) throw new RangeError(`no parameter ${name}`);
    return tensor;
  }
}
