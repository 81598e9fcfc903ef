import { embeddedText } from '../embed/embedded-text.ts';
import type { Hit } from '../passage.ts';
import type { Reader, Reading } from '../read/reader.ts';

/** Passages that are read for one question, the first of the search: on the development split of ecole-fr nine in ten proofs are among them. */
export const READ = 10;

/** Reads the first passages with the question, each under its title and headings as it is searched. */
export async function readHits(
  reader: Reader,
  question: string,
  opts: { hits: readonly Hit[]; signal?: AbortSignal | undefined },
): Promise<ReadonlyMap<Hit, Reading>> {
  const hits = opts.hits.slice(0, READ);
  const readings = await reader.read(question, hits.map(embeddedText), opts.signal);
  return new Map(hits.map((hit, i) => [hit, readings[i]!]));
}

/** log odds of a probability, cut where a reader's certainty says nothing more. */
export function logOdds(probability: number): number {
  const p = Math.min(Math.max(probability, 0.0025), 0.9975);
  return Math.log(p / (1 - p));
}
