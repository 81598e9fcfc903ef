import type { TextStats } from '../text-stats.ts';

/** Upper-case letters ÷ letters. French prose has 3 %, a transcript made by a machine none. */
export function uppercaseShare({ text }: TextStats): number | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters === 0 ? undefined : (text.match(/\p{Lu}/gu)?.length ?? 0) / letters;
}

/** Sentences with an end (`.`, `!`, `?`, `…`) ÷ normalised words. French prose has 4 %. */
export function sentenceEndsPerWord({ text, words }: TextStats): number | undefined {
  return words.ids.length === 0 ? undefined : (text.match(/[.!?…]+/g)?.length ?? 0) / words.ids.length;
}
