import { z } from 'zod';
import { piiKinds } from './kinds.ts';

/** Options of the rule `pii`: each kind can be left alone. */
export const piiShape = z.strictObject({
  email: z.boolean().default(true),
  iban: z.boolean().default(true),
  /** Public IPv4 and IPv6 addresses. */
  ip: z.boolean().default(true),
  /** French social security number. */
  nir: z.boolean().default(true),
  /** French establishment number. */
  siret: z.boolean().default(true),
  /** Payment card. */
  card: z.boolean().default(true),
  phone: z.boolean().default(true),
  /** French company number where it is called one. */
  siren: z.boolean().default(true),
  /** A pseudonym that looks like the original, the same all over one document; or a tag such as `[EMAIL]`. */
  replaceWith: z.enum(['pseudonym', 'tag']).default('pseudonym'),
  /** Another seed, other pseudonyms. */
  seed: z.int().min(0).default(1),
});

export type PiiOptions = z.infer<typeof piiShape>;

/** The kinds that are on. */
export function kindsOf(options: PiiOptions) {
  return piiKinds.filter((kind) => options[kind]);
}
