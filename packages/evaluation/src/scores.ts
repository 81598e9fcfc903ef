import { readFile } from 'node:fs/promises';
import { LucieError } from '@lucie/ledger';
import { z } from 'zod';

/** A figure, its 95 % bootstrap interval, and the number of documents, items or questions behind it. */
const estimateShape = z.strictObject({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  n: z.int().positive(),
});

/** The same quantity from general-purpose compressors on the same bytes. */
const peerShape = z.strictObject({ xz: z.number().positive(), zstd: z.number().positive() });

/** One figure of one model. */
export const taskShape = estimateShape.extend({
  /** Stable, e.g. `bits-per-byte-fr`. */
  name: z.string().min(1),
  metric: z.enum(['bits-per-byte', 'ratio', 'accuracy', 'share']),
  better: z.enum(['lower', 'higher']),
  /** Which of the models of `models` was asked. */
  model: z.string().min(1),
  /** What the project demands of this figure; null where it only reports. */
  bar: z.number().nullable(),
  peer: peerShape.optional(),
  perSource: z.record(z.string(), estimateShape.extend({ bytes: z.int(), peer: peerShape })).optional(),
  perCategory: z.record(z.string(), estimateShape).optional(),
});

/** What a model wrote by itself after a prompt. */
export const sampleShape = z.strictObject({
  prompt: z.string(),
  text: z.string(),
  /** Language found in `text` alone, as an ISO 639-1 code; empty when none was recognised. */
  language: z.string(),
  /** Ended the document itself, within the limit. */
  stopped: z.boolean(),
  tokens: z.int().min(0),
});

/** An answer of an instruct model, most probable tokens only. */
export const answerShape = z.strictObject({
  set: z.enum(['train', 'held-out']),
  question: z.string(),
  expected: z.string(),
  answer: z.string(),
  stopped: z.boolean(),
  /** The expected answer occurs as whole words, accents and case aside. */
  correct: z.boolean(),
  tokens: z.int().min(0),
});

/** `scores.json`: everything measured of a model, in one file that travels with its release. */
export const scoresShape = z.strictObject({
  /** Raised when the meaning of a field changes. */
  version: z.literal(1),
  /** Name of the recipe or folder. */
  name: z.string().min(1),
  /** By role: `base`, `instruct`, or `model` for a single folder. */
  models: z.record(
    z.string(),
    z.strictObject({
      /** SHA-256 of the safetensors file: what was judged. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      parameters: z.int().positive(),
      contextLength: z.int().positive(),
      vocabSize: z.int().positive(),
    }),
  ),
  /** How likelihoods were taken: tokens scored per window, documents and bytes per language. */
  protocol: z.strictObject({
    stride: z.int().positive(),
    seed: z.int(),
    resamples: z.int().positive(),
  }),
  tasks: z.array(taskShape),
  samples: z.array(sampleShape),
  answers: z.array(answerShape),
  /** Tasks that could not be run, and why. */
  skipped: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
});

export type Task = z.infer<typeof taskShape>;
export type SampleResult = z.infer<typeof sampleShape>;
export type AnswerResult = z.infer<typeof answerShape>;
export type Scores = z.infer<typeof scoresShape>;

/** True when the task meets its bar, undefined when it has none. */
export function reachesBar(task: Pick<Task, 'bar' | 'better' | 'value'>): boolean | undefined {
  if (task.bar === null) return undefined;
  return task.better === 'lower' ? task.value <= task.bar : task.value >= task.bar;
}

/**
 * Reads and checks a `scores.json`.
 * @throws LucieError `SCORES_INVALID`
 */
export async function readScores(path: string): Promise<Scores> {
  try {
    return scoresShape.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const detail = cause instanceof z.ZodError ? z.prettifyError(cause).split('\n')[0] : String(cause);
    throw new LucieError({
      code: 'SCORES_INVALID',
      found: `${path} that cannot be used (${detail})`,
      expected: 'scores.json of version 1',
      todo: 'run the evaluation again',
      cause,
    });
  }
}
