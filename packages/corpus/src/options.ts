import { z } from 'zod';
import { boilerplateShape } from './boilerplate/options.ts';
import { type RulesInput, rulesShape } from './clean/rules/rules-shape.ts';
import { contaminationShape } from './contamination/options.ts';
import { duplicatesShape } from './duplicates/options.ts';
import { mixShape, mixSourceOptions } from './mix/options.ts';
import { optOutsShape } from './opt-out/options.ts';
import { piiShape } from './pii/options.ts';
import { debianDescriptionsShape, debianSourceShape } from './sources/debian/debian-source.ts';
import { localSourceShape } from './sources/files/options.ts';
import { hubSourceShape } from './sources/hub/options.ts';
import { packageSourceShape } from './sources/npm/package-source.ts';

const share = z.number().min(0).max(1);

/** Rules as a source writes them: only what differs from the corpus's. What is wrong with them is said as there. */
const ownRules: z.ZodType<RulesInput> = z.custom<RulesInput>().superRefine((written, context) => {
  const { error } = rulesShape.safeParse(written);
  for (const { message, path } of error?.issues ?? []) context.addIssue({ code: 'custom', message, path });
});

const pii = z.union([z.literal(false), piiShape]);

/** What every kind of source may be told. */
const perSource = {
  /** UTF-8 bytes of cleaned text at most; which documents stay is decided by a hash of their ids. */
  maxBytes: z.int().positive().optional(),
  /** In place of the corpus's own, e.g. more countries to ask about. */
  heldOutFraction: share.optional(),
  /** In place of the corpus's rules of the same names. */
  rules: ownRules.optional(),
  pii: pii.optional(),
  ...mixSourceOptions,
};

export const sourceShape = z.union([
  packageSourceShape.extend(perSource),
  debianSourceShape.extend(perSource),
  debianDescriptionsShape.extend(perSource),
  localSourceShape.extend(perSource),
  hubSourceShape.extend(perSource),
]);

/** Options of the corpus stage. Defaults are those of `nano`. */
export const corpusOptions = z.strictObject({
  sources: z.array(sourceShape).min(1),
  seed: z.int().min(0).default(1),
  /** Of each source, by hash of the document's id; at least one document. */
  heldOutFraction: share.default(0.01),
  /** Least share of the bytes that a language must have, by language. */
  minimumShare: z.record(z.string().min(2), share).default({ fr: 0.75 }),
  /** Rules that look at one document alone. */
  rules: rulesShape.prefault({}),
  /** Personal data, replaced in every document. */
  pii: pii.prefault({}),
  duplicates: duplicatesShape.prefault({}),
  boilerplate: boilerplateShape.prefault({}),
  contamination: contaminationShape.prefault({}),
  /** Whoever does not want to be in it. `corpus opt-out` writes more of them beside the run. */
  optOuts: optOutsShape,
  mix: mixShape.prefault({}),
});

export type SourceOption = z.infer<typeof sourceShape>;
export type PackageSource = z.infer<typeof packageSourceShape>;
export type { LocalSource } from './sources/files/options.ts';
export type CorpusOptions = z.infer<typeof corpusOptions>;
/** What a recipe writes: everything but the sources has a default. */
export type CorpusInput = z.input<typeof corpusOptions>;
