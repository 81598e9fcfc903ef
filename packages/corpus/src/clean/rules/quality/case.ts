import type { TextStats } from '../text-stats.ts';

/** Upper-case letters ÷ letters. French law has 0.013 (median), one long article in 100 less than 0.004; what a machine heard has none. */
export function uppercaseShare({ text }: TextStats): number | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters === 0 ? undefined : (text.match(/\p{Lu}/gu)?.length ?? 0) / letters;
}

/** Ends of sentences (runs of `.`, `!`, `?`, `…`) ÷ normalised words. French law has 0.04 (median), one long article in 100 less than 0.008. */
export function sentenceEndsPerWord({ text, words }: TextStats): number | undefined {
  return words.ids.length === 0 ? undefined : (text.match(/[.!?…]+/g)?.length ?? 0) / words.ids.length;
}
