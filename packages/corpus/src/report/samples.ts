import { BEYOND, maskedExcerpt, maskMail, maskValue } from './mask.ts';
import { type Queries, tableOf } from './query.ts';

/** A refused document for the eye: its beginning, with mail addresses and long numbers covered. */
export interface Sample {
  rule: string;
  source: string;
  id: string;
  /** What the rule measured. */
  value: string;
  language: string;
  licence: string;
  date: string;
  url: string;
  title: string;
  text: string;
  /** Characters of the whole text. */
  characters: number;
}

/** The issue asks for twenty. */
const SAMPLES = 20;
/** Of the text of a sample. */
export const CHARACTERS = 500;
const TITLE = 200;

/**
 * Of every rule twenty refusals, drawn among all of them: those whose seeded hash is least, so the draw depends on
 * neither order nor number of files, and the database holds only the twenty best of each rule at a time.
 */
export async function drawSamples(
  queries: Queries,
  opts: { paths: readonly string[]; seed: number },
): Promise<Sample[]> {
  const table = await tableOf(opts.paths);
  if (!table) return [];
  const rows = await queries.all<{ rule: string; samples: Omit<Sample, 'rule'>[] }>(
    `SELECT reason AS rule, arg_min({source: source, id: id, value: left(value, ${TITLE + BEYOND}), language: language, licence: licence, date: date,
         url: url, title: left(title, ${TITLE + BEYOND}), text: left(text, ${CHARACTERS + BEYOND}), characters: length(text)::INTEGER},
       md5('${opts.seed} ' || reason || ' ' || id), ${SAMPLES}) AS samples
     FROM ${table} GROUP BY reason ORDER BY reason`,
  );
  return rows.flatMap(({ rule, samples }) =>
    samples.map((sample) => ({
      rule,
      ...sample,
      id: maskMail(sample.id),
      url: maskMail(sample.url),
      value: maskValue(sample.value),
      title: maskedExcerpt(sample.title, TITLE),
      text: maskedExcerpt(sample.text, CHARACTERS),
    })),
  );
}
