import type { TextStats } from '../text-stats.ts';

/** `n` of 2, 3, 4: share of characters in the most frequent run of n words (Gopher; RedPajama v2 `rps_doc_frac_chars_top_Ngram`). */
export function topNgram(n: number) {
  return ({ repetition }: TextStats): number => repetition.top.get(n)!;
}

/** `n` of 5 … 10: share of characters in runs of n words that repeat (Gopher; RedPajama v2 `rps_doc_frac_chars_dupe_Ngrams`). */
export function duplicatedNgrams(n: number) {
  return ({ repetition }: TextStats): number => repetition.duplicated.get(n)!;
}
