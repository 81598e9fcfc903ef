import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);

/** In which order the documents of a source are written, and so read in training where that keeps the order. */
export const orderShape = z.discriminatedUnion('by', [
  /** As they were read. */
  z.strictObject({ by: z.literal('reading') }),
  /**
   * Oldest first, those without a date spread evenly among the others. `window`: each document then moves later by
   * less than so many places, by chance, so that neighbours in time are mixed; 1 leaves them in order.
   */
  z.strictObject({ by: z.literal('date'), window: z.int().min(1).default(1000) }),
  /** Shuffled. */
  z.strictObject({ by: z.literal('chance') }),
]);

/** How often documents of a language and category are seen; what is left out fits everything. */
export const epochRuleShape = z.strictObject({
  /** As `languageGroup` names it: `fr`, `code`, `parallel`. */
  language: z.string().optional(),
  category: name.optional(),
  epochs: z.number().min(0),
});

/** Options of the mix of a corpus. */
export const mixShape = z.strictObject({
  /**
   * The first rule that fits a source's main language and category gives its epochs; none: 1. A source's own `epochs`
   * goes before all rules. Epochs are how often a source is seen relative to the others; 0 leaves it out of training.
   */
  epochs: z.array(epochRuleShape).default([]),
  /**
   * τ ≥ 1: 1 leaves the languages as they are, a higher one brings them nearer to each other. With b the bytes of a
   * language times their epochs, its share becomes b^(1/τ) ÷ Σ b^(1/τ) (Conneau and Lample 2019, section 3.1, with
   * α = 1/τ). Sources with their own `epochs` take no part.
   */
  temperature: z.number().min(1).default(1),
  order: orderShape.default({ by: 'reading' }),
});

/** What a source option may say for the mix. */
export const mixSourceOptions = {
  /** How often this source is seen relative to the others, whatever the rules say; 0 leaves it out of training. */
  epochs: z.number().min(0).optional(),
  /** What kind of text it is, for rules and reports: `web`, `book`, `legislative-texts`. */
  category: name.optional(),
};

export type MixOptions = z.output<typeof mixShape>;
export type MixInput = z.input<typeof mixShape>;
export type EpochRule = z.output<typeof epochRuleShape>;
export type OrderOptions = z.output<typeof orderShape>;
