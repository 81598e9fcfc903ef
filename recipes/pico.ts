import { localSource } from '@lucie/corpus';
import type { Recipe } from './recipe.ts';

/** Every stage in under a minute, for tests: 35,000 parameters, text that lies in this repository. */
export const pico = (): Recipe => ({
  name: 'pico',
  description: 'every stage, 35,000 parameters, in under a minute: for tests.',
  corpus: { sources: [localSource('recipes/pico-text', { source: 'pico-text' })], heldOutFraction: 0.1 },
  tokenizer: { vocabularySize: 512 },
  tokens: {},
  base: {
    model: {
      hidden_size: 32,
      intermediate_size: 64,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      num_key_value_heads: 1,
      tie_word_embeddings: true,
    },
    steps: 20,
    batchSize: 4,
    sequenceLength: 64,
    lr: 4e-3,
    warmupSteps: 4,
    checkpointEvery: 5,
    threads: 1,
  },
  instruct: {
    name: 'LUCIE pico',
    epochs: { answers: 1, capitals: 1, facts: 1, identity: 1 },
    lr: 1e-3,
    warmupSteps: 2,
    checkpointEvery: 5,
    threads: 1,
  },
  evaluation: {
    name: 'pico',
    resamples: 50,
    samples: { count: 2, maxTokens: 20 },
    questions: { count: 3, maxTokens: 16 },
  },
  release: { name: 'pico' },
});
