import type { TextStats } from '../text-stats.ts';

/** Characters of the normalised words ÷ their number (Gopher; RedPajama v2 `rps_doc_mean_word_length`). */
export function meanWordLength({ words }: TextStats): number | undefined {
  return words.ids.length === 0 ? undefined : words.characters / words.ids.length;
}
