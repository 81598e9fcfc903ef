import { join } from 'node:path';
import { hashJson, LucieError, type Stage, writeJson } from '@lucie/ledger';
import { Llama, parameterCount, parseConfig, savePretrained } from '@lucie/model';
import { z } from 'zod';
import { readBatch } from './batch.ts';
import { finishOnce } from './finish-once.ts';
import { DataOrder, type OrderSpec } from './order.ts';
import { Shard } from './shards/reader.ts';
import { shardNames } from './shards/shard-names.ts';
import { copyTokenizer, readTokenizer, specialIds } from './tokenizer-files.ts';
import { train } from './train-loop.ts';
import { trainingOptions, useEngine } from './training-options.ts';

/** Shape of the model, in Hugging Face's names; vocabulary and special ids come from the tokenizer. */
const modelShape = z.strictObject({
  hidden_size: z.int().positive(),
  intermediate_size: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  num_attention_heads: z.int().positive(),
  num_key_value_heads: z.int().positive().optional(),
  head_dim: z.int().positive().optional(),
  /** `sequenceLength` when absent. */
  max_position_embeddings: z.int().positive().optional(),
  rms_norm_eps: z.number().positive().optional(),
  rope_theta: z.number().positive().optional(),
  tie_word_embeddings: z.boolean().optional(),
  initializer_range: z.number().positive().optional(),
});

export const baseOptionsShape = z.strictObject({
  model: modelShape,
  steps: z.int().positive(),
  /** Rows of a step. */
  batchSize: z.int().positive(),
  /** Tokens of a row. */
  sequenceLength: z.int().positive(),
  /** How often a source is seen relative to the others, by name; 1 where none is given, 0 leaves it out. */
  epochs: z.record(z.string(), z.number().min(0)).default({}),
  ...trainingOptions,
});
export type BaseOptions = z.input<typeof baseOptionsShape>;

/** Pretrains a model from scratch on the tokens stage's shards; leaves a Hugging Face folder. */
export function baseStage(options: BaseOptions): Stage {
  const parsed = baseOptionsShape.parse(options);
  return {
    name: 'base',
    version: 1,
    options: parsed,
    needs: ['tokenizer', 'tokens'],
    async run({ dir, inputs, progress, signal, identity }) {
      const tokenizer = await readTokenizer(inputs.tokenizer!);
      const { sequenceLength } = parsed;
      const config = parseConfig({
        max_position_embeddings: sequenceLength,
        ...parsed.model,
        vocab_size: tokenizer.vocabSize,
        ...specialIds(tokenizer),
      });
      using open = new DisposableStack();
      const shards = chooseSources(inputs.tokens!, parsed.epochs).map((prefix) =>
        open.use(Shard.open(prefix)),
      );
      const spec = orderSpec(shards, parsed);
      const order = new DataOrder(spec);
      await writeJson(join(dir, 'order.json'), spec);
      const threads = await useEngine(parsed.threads, identity);
      const key = hashJson({ stage: 'base', config, spec, options: parsed });
      const facts = await finishOnce(dir, key, async () => {
        using model = Llama.init(config, { seed: parsed.seed });
        const trained = await train({
          dir,
          key,
          model,
          schedule: parsed,
          optimizer: parsed,
          batchAt: (step) =>
            readBatch(order.step(step), shards, { sequenceLength, vocabSize: config.vocab_size }),
          checkpointEvery: parsed.checkpointEvery,
          threads,
          progress,
          signal,
        });
        await savePretrained(dir, model);
        await copyTokenizer(inputs.tokenizer!, dir, { tokenizer, chat: false });
        return { parameters: parameterCount(config), threads, ...trained, sources: spec.sources };
      });
      return { facts };
    },
  };
}

/** Prefixes of the shards that take part, in order of name. @throws LucieError `SOURCE_UNKNOWN` */
function chooseSources(dir: string, epochs: Record<string, number>): string[] {
  const names = shardNames(dir);
  for (const name of Object.keys(epochs)) {
    if (!names.includes(name)) {
      throw new LucieError({
        code: 'SOURCE_UNKNOWN',
        found: `epochs for a source ${name}`,
        expected: `one of ${names.join(', ')}`,
        todo: 'correct the recipe',
      });
    }
  }
  return names.filter((name) => epochs[name] !== 0).map((name) => join(dir, name));
}

function orderSpec(shards: Shard[], options: z.output<typeof baseOptionsShape>): OrderSpec {
  const { seed, sequenceLength, batchSize, epochs } = options;
  const sources = shards.map(({ name, tokenCount }) => ({
    name,
    tokens: tokenCount,
    epochs: epochs[name] ?? 1,
  }));
  return { seed, sequenceLength, batchSize, sources };
}
