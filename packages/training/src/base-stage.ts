import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readMix } from '@lucie/corpus';
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
  /**
   * How often a source is seen relative to the others, by name; 0 leaves it out. Where none is given the mix of the
   * corpus decides (`mix.json`), else 1.
   */
  epochs: z.record(z.string(), z.number().min(0)).default({}),
  /** Reads each source from its beginning to its end, shuffled in blocks of so many rows: `orderShape`. */
  shuffleWindow: z.int().positive().optional(),
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
    needs: ['corpus', 'tokenizer', 'tokens'],
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
      const epochs = await epochsOf(inputs.corpus!, parsed.epochs);
      const shards = chooseSources(inputs.tokens!, { epochs, named: Object.keys(parsed.epochs) }).map(
        (prefix) => open.use(Shard.open(prefix)),
      );
      const spec = orderSpec(shards, { ...parsed, epochs });
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

/** Epochs by source: the recipe's before those of the corpus's mix, which a corpus made elsewhere may lack. */
async function epochsOf(corpus: string, own: Record<string, number>): Promise<Map<string, number>> {
  const path = join(corpus, 'mix.json');
  const mix = existsSync(path) ? await readMix(path) : { sources: [] };
  return new Map([
    ...mix.sources.map(({ source, epochs }) => [source, epochs] as const),
    ...Object.entries(own),
  ]);
}

/** Prefixes of the shards that take part, in order of name. @throws LucieError `SOURCE_UNKNOWN`, `NOTHING_TO_TRAIN_ON` */
function chooseSources(dir: string, opts: { epochs: Map<string, number>; named: string[] }): string[] {
  const names = shardNames(dir);
  for (const name of opts.named) {
    if (!names.includes(name)) {
      throw new LucieError({
        code: 'SOURCE_UNKNOWN',
        found: `epochs for a source ${name}`,
        expected: `one of ${names.join(', ')}`,
        todo: 'correct the recipe',
      });
    }
  }
  const chosen = names.filter((name) => opts.epochs.get(name) !== 0);
  if (chosen.length === 0) {
    throw new LucieError({
      code: 'NOTHING_TO_TRAIN_ON',
      found: `epochs of 0 for every source: ${names.join(', ')}`,
      expected: 'at least one that is trained on',
      todo: 'correct the epochs of the recipe',
    });
  }
  return chosen.map((name) => join(dir, name));
}

function orderSpec(
  shards: Shard[],
  opts: Omit<z.output<typeof baseOptionsShape>, 'epochs'> & { epochs: Map<string, number> },
): OrderSpec {
  const { seed, sequenceLength, batchSize, shuffleWindow } = opts;
  const sources = shards.map(({ name, tokenCount }) => ({
    name,
    tokens: tokenCount,
    epochs: opts.epochs.get(name) ?? 1,
  }));
  return {
    seed,
    sequenceLength,
    batchSize,
    sources,
    ...(shuffleWindow === undefined ? {} : { shuffleWindow }),
  };
}
