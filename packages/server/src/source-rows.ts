import { z } from 'zod';

/** One source of the corpus. */
export interface Source {
  name: string;
  licence: string;
  language: string;
  documents: number;
  /** Part of the corpus's text, 0 to 1. */
  share: number;
}

const shape = z.object({
  name: z.string(),
  licence: z.string(),
  language: z.string().catch(''),
  documents: z.number().catch(0),
  share: z.number(),
});

/** The sources in the facts of the corpus stage, the largest first; what is not one is left out. */
export function sourceRows(facts: Record<string, unknown>): Source[] {
  const rows = Array.isArray(facts.sources) ? facts.sources : [];
  return rows
    .flatMap((row) => shape.safeParse(row).data ?? [])
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
}
