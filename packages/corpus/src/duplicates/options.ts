import { z } from 'zod';

/** What counts as the same text twice. The defaults find 99.7 % of pairs at 0.8; `lucie-7b` keeps the original's 14 × 8. */
export const duplicatesShape = z.strictObject({
  /** Words in a run; similarity is that of the sets of runs. */
  shingle: z.int().min(1).max(20).default(5),
  /** A pair at similarity s is found with probability 1 − (1 − s^rows)^bands: 20 × 6 finds 99.8 % at 0.8, 14 × 8 92 %. */
  bands: z.int().min(1).max(256).default(20),
  /** Permutations in a band. */
  rows: z.int().min(1).max(64).default(6),
  /** Jaccard similarity from which two documents count as the same. */
  threshold: z.number().gt(0).max(1).default(0.8),
  /** Of the permutations. */
  seed: z.int().min(0).default(1),
});

export type DuplicatesOptions = z.infer<typeof duplicatesShape>;
export type DuplicatesInput = z.input<typeof duplicatesShape>;
