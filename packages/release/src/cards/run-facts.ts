import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CorpusReport } from '@lucie/corpus';
import { readScores, type Scores } from '@lucie/evaluation';
import { LucieError, type Manifest, readManifest } from '@lucie/ledger';
import { type LlamaConfig, readConfig } from '@lucie/model';
import { z } from 'zod';

const trainingShape = z.object({
  parameters: z.int(),
  steps: z.int(),
  tokens_seen: z.int(),
  final_loss: z.number(),
  tokens_per_second: z.number(),
});

const instructShape = trainingShape.extend({
  examples: z.record(z.string(), z.int()),
  countries_trained: z.int(),
  countries_held_out: z.int(),
});

/** Tokens of the shards, by source. */
const tokensShape = z.object({ train: z.record(z.string(), z.object({ tokens: z.int() })) });

const seedShape = z.object({ seed: z.int() });

const tokenizerShape = z.object({ vocabulary_size: z.int(), pre_tokenizer: z.string() });

/** Everything that the cards say, from the manifests and files of the run. */
export interface RunFacts {
  config: LlamaConfig;
  corpus: CorpusReport;
  tokenizer: z.infer<typeof tokenizerShape>;
  tokens: z.infer<typeof tokensShape>;
  base: z.infer<typeof trainingShape>;
  instruct: z.infer<typeof instructShape>;
  /** Seeds of the two trainings. */
  seeds: { base: number; instruct: number };
  scores: Scores;
  /** The stages that led here, in order. */
  stages: Pick<Manifest, 'stage' | 'seconds' | 'energy' | 'finished' | 'digest' | 'identities'>[];
}

/**
 * Reads what the cards are made from.
 * @param inputs - folders of the finished stages, by name
 * @throws LucieError of the readers; `MANIFEST_INCOMPLETE` when a manifest lacks a figure
 */
export async function readRunFacts(inputs: Record<string, string>): Promise<RunFacts> {
  const manifests = new Map<string, Manifest>();
  for (const [name, dir] of Object.entries(inputs)) manifests.set(name, await readManifest(dir));
  const factsOf = <T>(name: string, shape: z.ZodType<T>, part: 'facts' | 'options' = 'facts'): T => {
    const parsed = shape.safeParse(manifests.get(name)?.[part]);
    if (parsed.success) return parsed.data;
    throw new LucieError({
      code: 'MANIFEST_INCOMPLETE',
      found: `the manifest of ${name} without ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}`,
      expected: 'every figure that the cards show',
      todo: `remove the folder of ${name} and call make again`,
    });
  };
  return {
    config: await readConfig(inputs.instruct!),
    corpus: JSON.parse(await readFile(join(inputs.corpus!, 'report.json'), 'utf8')) as CorpusReport,
    tokenizer: factsOf('tokenizer', tokenizerShape),
    tokens: factsOf('tokens', tokensShape),
    base: factsOf('base', trainingShape),
    instruct: factsOf('instruct', instructShape),
    seeds: {
      base: factsOf('base', seedShape, 'options').seed,
      instruct: factsOf('instruct', seedShape, 'options').seed,
    },
    scores: await readScores(join(inputs.evaluation!, 'scores.json')),
    stages: [...manifests.values()],
  };
}
