import type { TextStats } from '../text-stats.ts';

/** Normalised words (Gopher; RedPajama v2 `rps_doc_word_count`). */
export function wordCount({ words }: TextStats): number {
  return words.ids.length;
}
