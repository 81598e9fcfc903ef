import { ASCII_LETTER, characterClasses, classOfCodePoint, OTHER, SPACE, WORD } from './character-classes.ts';

/** What one pass over a text as it is written counts. Definitions are those of RedPajama v2's quality signals. */
export interface RawCounts {
  /** Unicode code points. */
  characters: number;
  /** Runs of word characters and runs of other visible ones, as NLTK's WordPunctTokenizer cuts: `l'eau.` is 4. */
  words: number;
  /** Of these, the ones with at least one of A–Z, a–z. */
  wordsWithLetter: number;
  /** Stretches between `.`, `!` and `?` that hold a word character: the matches of `\b[^.!?]+[.!?]*`. */
  sentences: number;
  /** `#`, `…` and `...` (six dots are two). */
  symbols: number;
  /** `{` and `}`. */
  braces: number;
}

const HASH = 35;
const DOT = 46;
const EXCLAMATION = 33;
const QUESTION = 63;
const ELLIPSIS = 0x2026;

export function countRaw(text: string): RawCounts {
  let characters = 0;
  let words = 0;
  let wordsWithLetter = 0;
  let sentences = 0;
  let symbols = 0;
  let braces = 0;
  let dots = 0;
  /** What the current word is made of: WORD, OTHER, or SPACE between words. */
  let kind = SPACE;
  let hasLetter = false;
  let inSentence = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    let charClass = characterClasses[code]!;
    if (code >= 0xd800 && code < 0xdc00) {
      const whole = text.codePointAt(i)!;
      if (whole > 0xffff) i++;
      charClass = classOfCodePoint(whole);
    }
    characters++;
    const next = charClass === ASCII_LETTER ? WORD : charClass;
    if (next !== kind) {
      if (next !== SPACE) words++;
      hasLetter = false;
      kind = next;
    }
    if (charClass === ASCII_LETTER && !hasLetter) {
      hasLetter = true;
      wordsWithLetter++;
    }
    if (next === WORD && !inSentence) {
      inSentence = true;
      sentences++;
    }
    if (code === DOT) {
      if (++dots === 3) {
        symbols++;
        dots = 0;
      }
    } else dots = 0;
    if (charClass !== OTHER) continue;
    if (code === DOT || code === EXCLAMATION || code === QUESTION) inSentence = false;
    else if (code === HASH || code === ELLIPSIS) symbols++;
    else if (code === 123 || code === 125) braces++;
  }
  return { characters, words, wordsWithLetter, sentences, symbols, braces };
}
