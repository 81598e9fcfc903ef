import { LucieError } from '@lucie/ledger';
import { type DType, ops, Tensor } from '@lucie/torch';
import { type BERT_LINEARS, type BertConfig, bertLinear, bertParameterShapes } from './bert-config.ts';

/** How one pass through the encoder computes. */
export interface BertPass {
  /** Type of the matrix products; attention, norms, sums and the result keep the parameters'. */
  compute?: 'bfloat16' | undefined;
  /** Share of the values that each sublayer drops before it is added, as in training. Default 0. */
  dropout?: number | undefined;
  /** Tensors in place of parameters of these names. */
  replaced?: ReadonlyMap<string, Tensor> | undefined;
}

/**
 * BERT's encoder (Devlin et al. 2019): learned positions, blocks of attention in both directions and a GELU network,
 * each normalised after its addition. Parameters carry Hugging Face's names. Dispose to free them.
 */
export class Bert implements Disposable {
  readonly config: BertConfig;
  readonly parameters: ReadonlyMap<string, Tensor>;
  readonly #dtype: DType;

  /**
   * Takes over the tensors. The word embeddings may be of a narrower type than the rest.
   * @throws LucieError `BERT_PARAMETERS` when one is missing or of another shape than `bertParameterShapes` says
   */
  constructor(config: BertConfig, parameters: Map<string, Tensor>) {
    for (const [name, shape] of bertParameterShapes(config)) {
      const found = parameters.get(name)?.shape;
      if (`${found}` === `${shape}`) continue;
      throw new LucieError({
        code: 'BERT_PARAMETERS',
        found: found ? `${name} [${found}]` : `no ${name}`,
        expected: `[${shape}]`,
        todo: 'use the weights that belong to this configuration',
      });
    }
    this.config = config;
    this.parameters = parameters;
    this.#dtype = parameters.get('embeddings.LayerNorm.weight')!.dtype;
  }

  /**
   * What the last layer leaves: ids [batch, time] (int64) → [batch, time, hidden_size].
   * @param lengths - real tokens of each row, from its beginning; nothing looks at those behind, whose own results
   * mean nothing
   * @throws LucieError `CONTEXT_TOO_LONG`
   */
  hidden(ids: Tensor, lengths: readonly number[], pass: BertPass = {}): Tensor {
    const time = ids.shape[1]!;
    const seen = Tensor.from(BigInt64Array.from(lengths, BigInt), [lengths.length]);
    let x = this.#embed(ids, time);
    for (let layer = 0; layer < this.config.num_hidden_layers; layer++) {
      const at = `encoder.layer.${layer}.`;
      const linear = (which: (typeof BERT_LINEARS)[number], input: Tensor) =>
        this.#linear(bertLinear(layer, which), input, pass);
      const input = this.#narrow(x, pass);
      const mixed = this.#attention(
        [
          linear('attention.self.query', input),
          linear('attention.self.key', input),
          linear('attention.self.value', input),
        ],
        seen,
      );
      x = this.#addNorm(
        `${at}attention.output`,
        linear('attention.output.dense', this.#narrow(mixed, pass)),
        x,
        pass,
      );
      const inner = ops.gelu(linear('intermediate.dense', this.#narrow(x, pass)));
      x = this.#addNorm(`${at}output`, linear('output.dense', inner), x, pass);
    }
    return x;
  }

  [Symbol.dispose](): void {
    for (const tensor of this.parameters.values()) tensor.dispose();
  }

  #embed(ids: Tensor, time: number): Tensor {
    const longest = this.config.max_position_embeddings;
    if (time > longest) {
      throw new LucieError({
        code: 'CONTEXT_TOO_LONG',
        found: `${time} tokens`,
        expected: `at most ${longest}, the model's max_position_embeddings`,
        todo: 'shorten the text',
      });
    }
    const table = (name: string) => this.#parameter(`embeddings.${name}_embeddings.weight`);
    const words = ops.to(ops.embedding(table('word'), ids), this.#dtype);
    const type = ops.narrow(table('token_type'), 0, 0, 1);
    const places = ops.add(ops.narrow(table('position'), 0, 0, time), type);
    return this.#norm('embeddings.LayerNorm', ops.add(words, places));
  }

  /** Softmax attention of every position over the first `lengths` keys of its row. */
  #attention(projected: Tensor[], lengths: Tensor): Tensor {
    const [batch, time, width] = projected[0]!.shape as [number, number, number];
    const heads = this.config.num_attention_heads;
    const [q, k, v] = projected.map((x) =>
      ops.view(ops.to(x, this.#dtype), [batch, time, heads, width / heads]),
    ) as [Tensor, Tensor, Tensor];
    return ops.view(ops.attention(q, k, v, { lengths }), [batch, time, width]);
  }

  /** The sum of what a sublayer makes and what it was given, normalised. */
  #addNorm(at: string, change: Tensor, x: Tensor, { dropout = 0 }: BertPass): Tensor {
    const kept = dropout > 0 ? ops.dropout(change, dropout, true) : change;
    return this.#norm(`${at}.LayerNorm`, ops.add(x, kept));
  }

  #norm(at: string, x: Tensor): Tensor {
    const weight = this.#parameter(`${at}.weight`);
    const bias = this.#parameter(`${at}.bias`);
    return ops.layer_norm(x, [this.config.hidden_size], { weight, bias, eps: this.config.layer_norm_eps });
  }

  #linear(at: string, x: Tensor, pass: BertPass): Tensor {
    const [weight, bias] = [`${at}.weight`, `${at}.bias`].map((name) =>
      this.#narrow(pass.replaced?.get(name) ?? this.#parameter(name), pass),
    ) as [Tensor, Tensor];
    return ops.linear(x, weight, { bias });
  }

  #narrow(x: Tensor, { compute }: BertPass): Tensor {
    return compute === undefined ? x : ops.to(x, compute);
  }

  #parameter(name: string): Tensor {
    const tensor = this.parameters.get(name);
    if (!tensor) throw new RangeError(`no parameter ${name}`);
    return tensor;
  }
}
