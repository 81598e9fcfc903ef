/** Shape of a BERT encoder under Hugging Face's field names. */
export interface BertConfig {
  vocab_size: number;
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  /** Learned positions: the longest text in tokens, marks included. */
  max_position_embeddings: number;
  type_vocab_size: number;
  layer_norm_eps: number;
}

/** The six matrices of a layer, below `encoder.layer.N.` and without `.weight`. */
export const BERT_LINEARS = [
  'attention.self.query',
  'attention.self.key',
  'attention.self.value',
  'attention.output.dense',
  'intermediate.dense',
  'output.dense',
] as const;

/** Name of a matrix or bias's layer: `encoder.layer.3.output.dense`. */
export function bertLinear(layer: number, linear: (typeof BERT_LINEARS)[number]): string {
  return `encoder.layer.${layer}.${linear}`;
}

/**
 * Names and shapes of all parameters, as Hugging Face's `BertModel` has them without its pooler; matrices are
 * [out, in]. Of the token types only the first is used.
 */
export function bertParameterShapes(config: BertConfig): Map<string, number[]> {
  const { hidden_size: width, intermediate_size: inner } = config;
  const shapes = new Map<string, number[]>([
    ['embeddings.word_embeddings.weight', [config.vocab_size, width]],
    ['embeddings.position_embeddings.weight', [config.max_position_embeddings, width]],
    ['embeddings.token_type_embeddings.weight', [config.type_vocab_size, width]],
    ['embeddings.LayerNorm.weight', [width]],
    ['embeddings.LayerNorm.bias', [width]],
  ]);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const linear of BERT_LINEARS) {
      const out = linear === 'intermediate.dense' ? inner : width;
      shapes.set(`${bertLinear(layer, linear)}.weight`, [out, linear === 'output.dense' ? inner : width]);
      shapes.set(`${bertLinear(layer, linear)}.bias`, [out]);
    }
    for (const norm of ['attention.output.LayerNorm', 'output.LayerNorm']) {
      shapes.set(`encoder.layer.${layer}.${norm}.weight`, [width]);
      shapes.set(`encoder.layer.${layer}.${norm}.bias`, [width]);
    }
  }
  return shapes;
}
