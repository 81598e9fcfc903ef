import { languageShares, sources } from './micro/sources.ts';
import type { Recipe } from './recipe.ts';

/**
 * What a laptop makes in a night: large enough that depth and width begin to count, small enough that one sees it
 * happen. 12.07 M parameters: 16,384 × 320 of embeddings, used on both ends, and six layers of 1.14 M.
 */
export const micro: Recipe = {
  name: 'micro',
  description:
    '12 million parameters, five languages and code, 40 million tokens: about five hours on two cores.',
  corpus: {
    sources,
    heldOutFraction: 0.01,
    minimumShare: languageShares,
  },
  tokenizer: { vocabularySize: 16_384 },
  tokens: {},
  base: {
    model: {
      hidden_size: 320,
      intermediate_size: 864,
      num_hidden_layers: 6,
      num_attention_heads: 10,
      num_key_value_heads: 5,
      tie_word_embeddings: true,
    },
    // 2,442 × 32 × 512 = 40.0 M tokens.
    steps: 2442,
    batchSize: 32,
    sequenceLength: 512,
    lr: 2e-3,
    warmupSteps: 120,
    checkpointEvery: 100,
  },
  instruct: {
    name: 'LUCIE micro',
    epochs: { answers: 3, capitals: 60, facts: 4, identity: 8 },
    tokensPerBatch: 4096,
    lr: 3e-4,
    warmupSteps: 20,
  },
  evaluation: { name: 'micro' },
  release: { name: 'micro' },
};
