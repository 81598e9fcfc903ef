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
});

const instructShape = trainingShape.extend({
  examples: z.record(z.string(), z.int()),
  countries_trained: z.int(),
  countries_held_out: z.int(),
});

const tokenizerShape = z.object({ vocabulary_size: z.int(), pre_tokenizer: z.string() });

/** Everything that the cards say, from the manifests and files of the run. */
export interface RunFacts {
  config: LlamaConfig;
  corpus: CorpusReport;
  tokenizer: z.infer<typeof tokenizerShape>;
  base: z.infer<typeof trainingShape>;
  instruct: z.infer<typeof instructShape>;
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
  const factsOf = <T>(name: string, shape: z.ZodType<T>): T => {
    const parsed = shape.safeParse(manifests.get(name)?.facts);
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
    base: factsOf('base', trainingShape),
    instruct: factsOf('instruct', instructShape),
    scores: await readScores(join(inputs.evaluation!, 'scores.json')),
    stages: [...manifests.values()],
  };
}

/** Time and energy of all stages; one estimate among them makes the sum an estimate. */
export function totals(facts: RunFacts): { seconds: number; joules: number; measured: boolean } {
  return {
    seconds: facts.stages.reduce((sum, { seconds }) => sum + seconds, 0),
    joules: facts.stages.reduce((sum, { energy }) => sum + energy.joules, 0),
    measured: facts.stages.every(({ energy }) => energy.method === 'rapl'),
  };
}
