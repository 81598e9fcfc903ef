import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Metadata, quantize, string, type TensorSource, writeGguf } from '@lucie/inference';
import { cacheDir, hashJson, type Progress } from '@lucie/ledger';
import { initialValues, type LlamaConfig, parameterShapes, parseConfig } from '@lucie/model';
import { architectureMetadata, ggufName, vocabularyMetadata } from '@lucie/release';
import { CHAT_TEMPLATE, ggufVocabulary, type Tokenizer, trainTokenizer } from '@lucie/tokenizer';
import { FrenchLike } from './french-like.ts';

/** A model of the bench's own, a function of these alone. */
export interface BenchModel {
  name: string;
  config: LlamaConfig;
  /** Words of made text that its tokenizer learns from. */
  words: number;
}

const SEED = 20;
/** Raised when the same `BenchModel` would give another file. */
const VERSION = 1;

const llama = (changes: object): LlamaConfig =>
  parseConfig({
    vocab_size: 16_384,
    // 128 wide, as Lucie-7B's.
    num_attention_heads: 6,
    num_key_value_heads: 2,
    max_position_embeddings: 8192,
    tie_word_embeddings: false,
    ...changes,
  });

/** 101 million parameters, 107 MB in Q8_0. */
export const hundredMillion: BenchModel = {
  name: 'bench-100m',
  config: llama({ hidden_size: 768, intermediate_size: 2048, num_hidden_layers: 12 }),
  words: 600_000,
};

/** 9 million parameters, for as many requests as possible. */
export const nineMillion: BenchModel = {
  name: 'bench-9m',
  config: llama({
    hidden_size: 256,
    intermediate_size: 512,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
  }),
  words: 600_000,
};

/**
 * The GGUF of a bench's model in Q8_0, made on the first call: random weights, a tokenizer learnt from made text, our
 * chat template. It never ends an answer and never breaks a character: the rows of the output that belong to control
 * tokens, and to tokens that are not whole characters, are zero, which is never the largest of 16,384 random logits.
 * So both halves of a comparison write as many tokens as they are asked for, with nothing in the request about it.
 * @throws LucieError of `quantize`
 */
export async function ensureModel(
  model: BenchModel,
  opts: { progress: Progress; dir?: string },
): Promise<string> {
  const { progress, dir = join(cacheDir, 'bench') } = opts;
  const key = hashJson({ ...model, VERSION, SEED }).slice(0, 12);
  const path = join(dir, `${model.name}-${key}-Q8_0.gguf`);
  if (existsSync(path)) return path;
  progress.start(`${model.name}: a model for the bench, once`);
  await mkdir(dir, { recursive: true });
  const tokenizer = await trainTokenizer([new FrenchLike(SEED).text(model.words)], {
    preTokenizer: 'llama-bpe',
    vocabularySize: model.config.vocab_size,
    minFrequency: 2,
    maxTokenLength: 32,
  });
  const metadata: Metadata = new Map([
    ...architectureMetadata(model.config),
    ['general.name', string(model.name)] as const,
    ...vocabularyMetadata(ggufVocabulary(tokenizer), {
      rows: model.config.vocab_size,
      chatTemplate: CHAT_TEMPLATE,
    }),
  ]);
  const full = `${path}.${process.pid}.f16`;
  try {
    await writeGguf(full, metadata, tensors(model.config, tokenizer));
    await quantize(full, path, { type: 'Q8_0' });
  } finally {
    await rm(full, { force: true });
  }
  progress.end();
  return path;
}

function tensors(config: LlamaConfig, tokenizer: Tokenizer): TensorSource[] {
  return [...parameterShapes(config)].map(([name, shape]) => ({
    name: ggufName(name),
    shape,
    type: shape.length === 1 ? 'F32' : 'F16',
    values: async () => {
      const values = initialValues(config, name, { seed: SEED });
      if (name === 'lm_head.weight') silence(values, tokenizer, config);
      return values;
    },
  }));
}

/** Zeroes the output's rows of tokens that an answer should not hold. */
function silence(values: Float32Array, tokenizer: Tokenizer, config: LlamaConfig): void {
  const width = config.hidden_size;
  const { tokens } = tokenizer.model;
  const special = new Set(tokenizer.specialTokens.map(({ id }) => id));
  for (let id = 0; id < config.vocab_size; id++) {
    const isText = id < tokens.length && !special.has(id) && !tokenizer.decode([id]).includes('\ufffd');
    if (!isText) values.fill(0, id * width, (id + 1) * width);
  }
}
