import { z } from 'zod';

/** What can be chosen about an evaluation. */
export const evaluationOptionsShape = z.strictObject({
  /** What the page and `scores.json` call the model: the recipe's name. */
  name: z.string().min(1).default('lucie'),
  /** Of samples, of the choice of questions and of the bootstrap. */
  seed: z.int().min(0).default(1),
  /** Tokens scored per window; null is a quarter of the model's context. */
  stride: z.int().positive().nullable().default(null),
  /** Bootstrap samples per interval. */
  resamples: z.int().min(10).default(1000),
  /** Most UTF-8 bytes of held-out documents per language. */
  maxBytes: z.int().positive().default(2_000_000),
  samples: z
    .strictObject({
      count: z.int().positive().default(10),
      maxTokens: z.int().positive().default(120),
      temperature: z.number().min(0).default(0.8),
    })
    .prefault({}),
  questions: z
    .strictObject({
      /** Per set: countries seen in training, countries held out. */
      count: z.int().positive().default(21),
      maxTokens: z.int().positive().default(64),
    })
    .prefault({}),
  /** `auto`: as many as there are cores when the stage begins. */
  threads: z.union([z.literal('auto'), z.int().positive()]).default('auto'),
});

export type EvaluationOptions = z.infer<typeof evaluationOptionsShape>;
export type EvaluationOptionsInput = z.input<typeof evaluationOptionsShape>;
