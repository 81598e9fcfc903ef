import { fold } from '../words/fold.ts';

/** Greek and Cyrillic letters that look like Latin ones and serve to slip words past a filter. */
const LOOKALIKES = new Map(
  Object.entries({
    а: 'a',
    е: 'e',
    о: 'o',
    р: 'p',
    с: 'c',
    х: 'x',
    у: 'y',
    і: 'i',
    ѕ: 's',
    ј: 'j',
    ԁ: 'd',
    ո: 'n',
    α: 'a',
    ο: 'o',
    ι: 'i',
    ν: 'v',
  }),
);

/**
 * Text as patterns read it: folded, one shape for letters that look alike (full width, Cyrillic), straight apostrophes,
 * one space between words, nothing invisible.
 */
export function unmask(text: string): string {
  return fold(text.replace(/\p{Cf}/gu, '').normalize('NFKC'))
    .replace(/[’ʼ`´]/g, "'")
    .replace(/[\u0370-\u058f]/g, (letter) => LOOKALIKES.get(letter) ?? letter)
    .replace(/\s+/g, ' ')
    .trim();
}
