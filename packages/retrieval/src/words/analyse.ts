import { fold } from './fold.ts';
import { plainNumber, readNumber } from './numbers.ts';
import { splitWords } from './split-words.ts';
import { stem } from './stem.ts';
import { isStopWord } from './stop-words.ts';
import { unitName } from './units.ts';

/** A word that has a matter, as it is searched, and where it stands in the text. */
export interface Word {
  /** As it is written, folded: what spelling is compared with. */
  form: string;
  /** What is indexed and searched: the stem, or the value of a number. */
  term: string;
  start: number;
  end: number;
}

/** Raised when the same text would give other terms: rooms made before are indexed anew when they are opened. */
export const ANALYSIS_VERSION = 1;

/** Longer "words" are no words (base64, rulers): they would only swell the vocabulary. */
const LONGEST = 40;

/**
 * The words of a French text that have a matter, in order: without elisions and stop words, stemmed, accents and case
 * set aside, numbers and measures in one spelling. A number in words counts as its value.
 */
export function analyse(text: string): Word[] {
  const words: Word[] = [];
  const tokens = splitWords(text);
  let before = '';
  for (let i = 0; i < tokens.length; i++) {
    const { text: written, start, end } = tokens[i]!;
    const spelt = readNumber(tokens, i);
    if (spelt) {
      const last = tokens[i + spelt.tokens - 1]!;
      words.push({
        form: fold(text.slice(start, last.end)),
        term: String(spelt.value),
        start,
        end: last.end,
      });
      // `neuf` is a number or an adjective: found as both.
      if (spelt.tokens === 1 && spelt.value === 9) words.push({ form: 'neuf', term: 'neuf', start, end });
      i += spelt.tokens - 1;
      before = '0';
      continue;
    }
    const form = fold(written);
    const number = /^\d+(?:[\s\u00a0\u202f.,]\d+)*$/.test(written);
    const elided = /['’]/.test(text[end] ?? '');
    const unit = unitName(written, !elided && /^\d/.test(before));
    if (number) words.push({ form, term: plainNumber(written), start, end });
    else if (unit) words.push({ form: fold(unit), term: stem(unit), start, end });
    else if (written.length <= LONGEST && !isStopWord(form, before)) {
      words.push({ form, term: stem(written), start, end });
    }
    before = form;
  }
  return words;
}
