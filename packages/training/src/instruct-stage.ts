import { join } from 'node:path';
import { hashJson, LucieError, type Stage, writeJson } from '@lucie/ledger';
import { loadPretrained, parameterCount, savePretrained } from '@lucie/model';
import { stopTokenIds } from '@lucie/tokenizer';
import { z } from 'zod';
import { finishOnce } from './finish-once.ts';
import { planBatches, toBatch } from './instruct/batches.ts';
import { KINDS } from './instruct/example.ts';
import { type InstructMaterial, readMaterial } from './instruct/material.ts';
import { mixExamples } from './instruct/mix.ts';
import { copyTokenizer, readTokenizer, specialIds } from './tokenizer-files.ts';
import { train } from './train-loop.ts';
import { trainingOptions, useEngine } from './training-options.ts';

export const instructOptionsShape = z.strictObject({
  /** What the model calls itself. */
  name: z.string().default('LUCIE nano'),
  /** How often each kind of example is seen; together with the data they fix the number of steps. */
  epochs: z.strictObject({
    /** Question sheets of the corpus. */
    answers: z.number().min(0),
    /** Capitals of countries. */
    capitals: z.number().min(0),
    /** Other facts on countries. */
    facts: z.number().min(0),
    /** Who the model is. */
    identity: z.number().min(0),
  }),
  /** Ids of a batch at most, padding included. */
  tokensPerBatch: z.int().positive().default(2048),
  /** Ids of a conversation at most. */
  maxTokens: z.int().positive().default(256),
  /** Ids of an answer at most. */
  maxAnswerTokens: z.int().positive().default(160),
  /** Share of countries about which nothing is trained on. */
  heldOutPercent: z.int().min(0).max(90).default(10),
  ...trainingOptions,
});
export type InstructOptions = z.input<typeof instructOptionsShape>;

/** Teaches a base model to answer in the chat format and to stop; leaves a Hugging Face folder. */
export function instructStage(options: InstructOptions): Stage {
  const parsed = instructOptionsShape.parse(options);
  return {
    name: 'instruct',
    version: 2,
    options: parsed,
    needs: ['corpus', 'tokenizer', 'base'],
    async run({ dir, inputs, progress, signal, identity }) {
      const tokenizer = await readTokenizer(inputs.tokenizer!);
      const threads = await useEngine(parsed.threads, identity);
      using model = await loadPretrained(inputs.base!);
      model.requireGrad();
      const maxTokens = Math.min(parsed.maxTokens, model.config.max_position_embeddings);
      progress.start('collecting examples');
      const material = await readMaterial(inputs.corpus!, tokenizer, { ...parsed, maxTokens });
      await writeJson(join(dir, 'train-facts.json'), material.trainFacts);
      await writeJson(join(dir, 'held-out-facts.json'), material.heldOutFacts);
      const examples = mixExamples(material, tokenizer, parsed).filter(({ ids }) => ids.length <= maxTokens);
      if (examples.length === 0) throw noExamples(maxTokens);
      const batches = planBatches(
        examples.map(({ ids }) => ids.length),
        parsed,
      );
      progress.end(`${examples.length} examples, ${batches.length} steps`);
      const pad = specialIds(tokenizer).pad_token_id;
      const key = hashJson({ stage: 'instruct', config: model.config, examples: material, options: parsed });
      const facts = await finishOnce(dir, key, async () => {
        const trained = await train({
          dir,
          key,
          model,
          schedule: { ...parsed, steps: batches.length },
          optimizer: parsed,
          batchAt: (step) =>
            toBatch(
              batches[step]!.map((i) => examples[i]!),
              pad,
            ),
          checkpointEvery: parsed.checkpointEvery,
          threads,
          progress,
          signal,
        });
        await savePretrained(dir, model, { stopIds: stopTokenIds(tokenizer) });
        await copyTokenizer(inputs.tokenizer!, dir, { tokenizer, chat: true });
        return { parameters: parameterCount(model.config), threads, ...trained, ...describe(material) };
      });
      return { facts };
    },
  };
}

function noExamples(maxTokens: number): LucieError {
  return new LucieError({
    code: 'NO_EXAMPLES',
    found: `no conversation of at most ${maxTokens} tokens`,
    expected: 'at least one example to learn from',
    todo: 'lengthen max_position_embeddings or maxTokens, or raise an epochs entry above 0',
  });
}

function describe(material: InstructMaterial) {
  const all = [...material.pairs, ...material.facts];
  const count = (wanted: string) => all.filter(({ kind }) => kind === wanted).length;
  return {
    examples: Object.fromEntries(KINDS.map((kind) => [kind, count(kind)])),
    countries_trained: material.trainFacts.length,
    countries_held_out: material.heldOutFacts.length,
  };
}
