import { z } from 'zod';

const benchmarkShape = z.strictObject({
  /** The label in reports and refusals. */
  name: z.string().regex(/^[\w.:-]+$/),
  /** JSONL, plain or ending in `.gz` or `.zst`; relative to the project's root, or absolute. */
  path: z.string().min(1),
  /** Hash of the file, so that another file is another corpus; `benchmarkFile` fills it in. */
  integrity: z
    .string()
    .regex(/^sha256-[0-9a-f]{64}$/)
    .optional(),
  /** Fields of an item that are read, whatever lists and objects of strings they hold; all where none are named. */
  fields: z.array(z.string()).min(1).optional(),
});

/** Options of decontamination. */
export const contaminationShape = z.strictObject({
  benchmarks: z
    .array(benchmarkShape)
    .default([])
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'each name once'),
  /** Words in a run: 13 as in Brown et al. 2020, appendix C. */
  words: z.int().min(2).max(100).default(13),
  /** A text with fewer words than a run counts as a whole from this many on. */
  minimumWords: z.int().min(2).default(8),
  /** A run in more texts of one benchmark than this is its manner of asking and no item of it. */
  maximumTexts: z.int().min(1).default(10),
});

export type Benchmark = z.infer<typeof benchmarkShape>;
export type ContaminationOptions = z.infer<typeof contaminationShape>;
