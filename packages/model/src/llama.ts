import { LucieError } from '@lucie/ledger';
import { noGrad, ops, Tensor } from '@lucie/torch';
import type { LlamaConfig } from './config.ts';
import { initialValues, parameterShapes } from './parameters.ts';
import { type RopeTable, ropeTable } from './rope.ts';

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
   * NaN when no target counts.
   * @throws LucieError `CONTEXT_TOO_LONG`
   */
  loss(ids: Tensor, targets: Tensor): Tensor {
    return ops.linear_cross_entropy(this.#hidden(ids), this.#head, targets, { ignore_index: IGNORE });
  }

  /**
   * Cross-entropy in nats of each target, 0 where it is −100, for judging: [batch, time] → [batch, time]. Records
   * nothing for gradients.
   * @throws LucieError `CONTEXT_TOO_LONG`
   */
  losses(ids: Tensor, targets: Tensor): Tensor {
    return noGrad(() =>
      ops.linear_cross_entropy_rows(this.#hidden(ids), this.#head, targets, { ignore_index: IGNORE }),
    );
  }

  [Symbol.dispose](): void {
    for (const tensor of [...this.parameters.values(), this.#rope.cos, this.#rope.sin]) tensor.dispose();
  }

  /**
   * [batch, time] → what the last block leaves, normalised: [batch, time, hidden_size]. Each addition to the residual
   * stream is one operator with the normalisation that follows it.
   */
  #hidden(ids: Tensor): Tensor {
    const { num_hidden_layers: layers } = this.config;
    const rope = this.#positions(ids.shape[1]!);
    let stream = ops.embedding(this.#parameter('model.embed_tokens.weight'), ids);
    let x = ops.rms_norm(stream, this.#norm('model.layers.0.input_layernorm'), this.#epsilon);
    for (let layer = 0; layer < layers; layer++) {
      const at = `model.layers.${layer}`;
      const next = layer + 1 < layers ? `model.layers.${layer + 1}.input_layernorm` : 'model.norm';
      const mixed = this.#attention(`${at}.self_attn`, x, rope);
      [x, stream] = this.#addNorm(mixed, stream, `${at}.post_attention_layernorm`);
      [x, stream] = this.#addNorm(this.#swiglu(`${at}.mlp`, x), stream, next);
    }
    return x;
  }

  /** Grouped-query attention: each key-value head serves several query heads. */
  #attention(at: string, x: Tensor, rope: RopeTable): Tensor {
    const [batch, time] = x.shape as [number, number];
    const { num_attention_heads: heads, num_key_value_heads: groups, head_dim: width } = this.config;
    const [q, k, v] = this.#linears(at, ['q_proj', 'k_proj', 'v_proj'], x) as [Tensor, Tensor, Tensor];
    const split = (tensor: Tensor, count: number) => ops.view(tensor, [batch, time, count, width]);
    const turned = (tensor: Tensor, count: number) => ops.rope(split(tensor, count), rope.cos, rope.sin);
    const mixed = ops.attention(turned(q, heads), turned(k, groups), split(v, groups));
    return ops.linear(ops.view(mixed, [batch, time, heads * width]), this.#parameter(`${at}.o_proj.weight`));
  }

  #swiglu(at: string, x: Tensor): Tensor {
    const [gate, up] = this.#linears(at, ['gate_proj', 'up_proj'], x) as [Tensor, Tensor];
    return ops.linear(ops.swiglu(gate, up), this.#parameter(`${at}.down_proj.weight`));
  }

  /** [normalised sum, sum] */
  #addNorm(change: Tensor, stream: Tensor, norm: string): [Tensor, Tensor] {
    return ops.add_rms_norm(change, stream, this.#norm(norm), this.#epsilon);
  }

  /** Several projections of one input. */
  #linears(at: string, names: string[], x: Tensor): Tensor[] {
    return ops.linears(
      x,
      names.map((name) => this.#parameter(`${at}.${name}.weight`)),
    );
  }

  #norm(name: string): Tensor {
    return this.#parameter(`${name}.weight`);
  }

  get #epsilon(): number {
    return this.config.rms_norm_eps;
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
    return this.#rope;
  }

  #parameter(name: string): Tensor {
    const tensor = this.parameters.get(name);
    if (!tensor) throw new RangeError(`no parameter ${name}`);
    return tensor;
  }
}
