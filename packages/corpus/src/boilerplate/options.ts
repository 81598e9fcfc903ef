import { z } from 'zod';

/** Options of boilerplate lines. The defaults were chosen on the packages of `nano`. */
export const boilerplateShape = z.strictObject({
  /** Shorter lines are headings and labels, which may well repeat. */
  minimumCharacters: z.int().min(1).default(60),
  /** A line in more documents than this is kept in the most senior of them only. */
  maximumDocuments: z.int().min(1).default(20),
});

export type BoilerplateOptions = z.infer<typeof boilerplateShape>;
