import { type Document, parseExtra } from '@lucie/corpus';
import { sha256 } from '@lucie/ledger';
import { z } from 'zod';

/** The facts beside a country sheet of the corpus, as far as questions are made of them. */
const countryShape = z.object({
  /** ISO 3166-1 alpha-3. */
  code: z.string().min(1),
  name: z.string().min(1),
  /** `la France` */
  the: z.string(),
  /** `de la France` */
  of: z.string(),
  /** `en France` */
  in: z.string(),
  capitals: z.array(z.string()),
  continent: z.string(),
  languages: z.array(z.string()),
  currencies: z.array(z.string()),
  neighbours: z.array(z.string()),
  /** km², 0 where unknown. */
  area: z.number().default(0),
  /** A state, and not a territory of one. */
  sovereign: z.boolean().default(true),
});
export type Country = z.infer<typeof countryShape>;

/** The country of a document of kind `facts`, or nothing for any other document. */
export function countryOf(document: Pick<Document, 'extra'>): Country | undefined {
  const extra = parseExtra(document);
  return extra.kind === 'facts' ? countryShape.safeParse(extra).data : undefined;
}

/**
 * Whether no question about a country is trained on, so that what is known of it can only come from pretraining:
 * decided by a hash of its code. France is always trained on, being the example that everybody tries.
 */
export function isHeldOut(code: string, percent: number): boolean {
  return code !== 'FRA' && Number.parseInt(sha256(`held-out ${code}`).slice(0, 8), 16) % 100 < percent;
}

/** France, then states before territories, large ones first: those that most people would ask about lead. */
export function byRenown(a: Country, b: Country): number {
  return (
    Number(b.code === 'FRA') - Number(a.code === 'FRA') ||
    Number(b.sovereign) - Number(a.sovereign) ||
    b.area - a.area ||
    (a.code < b.code ? -1 : 1)
  );
}
