import type { TextStats } from '../text-stats.ts';

/**
 * 1 − raw words with a letter of A–Z or a–z ÷ raw words (after Gopher; RedPajama v2 `rps_doc_frac_no_alph_words`).
 * Punctuation is a word of its own here and `à` has no such letter: so it was measured when the bound was set.
 */
export function wordsWithoutLetter({ raw }: TextStats): number | undefined {
  return raw.words === 0 ? undefined : 1 - raw.wordsWithLetter / raw.words;
}
