import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError, type Progress, projectRoot, silent } from '@lucie/ledger';
import { z } from 'zod';
import { type LanguageModel, logLikelihood } from './language-model.ts';

const itemShape = z
  .strictObject({
    id: z.string().min(1),
    category: z.string().min(1),
    good: z.string().min(1),
    bad: z.string().min(1),
    note: z.string().optional(),
  })
  .refine((item) => item.good !== item.bad, 'good and bad are equal');

/** A minimal pair: two sentences that differ in one place, the first right, the second wrong. */
export type GrammarItem = z.infer<typeof itemShape>;

export interface GrammarResult {
  id: string;
  category: string;
  /** Log-likelihoods in nats. */
  good: number;
  bad: number;
  /** The good sentence is strictly more probable. */
  correct: boolean;
}

/** Our own items, in the repository. */
export const grammarFile: string = join(projectRoot, 'benchmarks/grammaire-fr/items.jsonl');

/**
 * Reads minimal pairs, one JSON object a line.
 * @throws LucieError `BENCHMARK_INVALID` naming the first line at fault, `BENCHMARK_MISSING`
 */
export async function readGrammarItems(path: string = grammarFile): Promise<GrammarItem[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LucieError({
      code: 'BENCHMARK_MISSING',
      found: `no readable ${path}`,
      expected: 'minimal pairs as JSON lines',
      todo: 'restore the file from the repository',
      cause,
    });
  });
  const seen = new Set<string>();
  const items: GrammarItem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const fault = (found: string, cause?: unknown) =>
      new LucieError({
        code: 'BENCHMARK_INVALID',
        found: `line ${index + 1} of ${path}: ${found}`,
        expected: '{"id", "category", "good", "bad"} with an id of its own and two different sentences',
        todo: 'correct that line',
        cause,
      });
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw fault('no JSON', cause);
    }
    const parsed = itemShape.safeParse(value);
    if (!parsed.success) throw fault(parsed.error.issues[0]!.message);
    if (seen.has(parsed.data.id)) throw fault(`id ${parsed.data.id} for the second time`);
    seen.add(parsed.data.id);
    items.push(parsed.data);
  }
  return items;
}

/** Pairs scored together: enough for a batch, few enough that progress moves. */
const PAIRS_PER_CALL = 16;

/** Scores each pair by the likelihood of its sentences as whole documents' beginnings. */
export async function scoreGrammar(
  model: LanguageModel,
  items: GrammarItem[],
  opts: { progress?: Progress; signal?: AbortSignal } = {},
): Promise<GrammarResult[]> {
  const { progress = silent, signal } = opts;
  const results: GrammarResult[] = [];
  for (let first = 0; first < items.length; first += PAIRS_PER_CALL) {
    signal?.throwIfAborted();
    const pairs = items.slice(first, first + PAIRS_PER_CALL);
    const scores = await logLikelihood(
      model,
      pairs.flatMap((pair) => [pair.good, pair.bad]),
    );
    for (const [i, { id, category }] of pairs.entries()) {
      const [good, bad] = [scores[2 * i]!, scores[2 * i + 1]!];
      results.push({ id, category, good, bad, correct: good > bad });
    }
    progress.update(results.length);
  }
  return results;
}
