import { codeWords, normalisedWords } from './words.ts';

/** What a UTF-16 unit becomes: 0 between words; a unit of a word; one with `OWN_WORD`, a word by itself; or `SLOW`. */
export const OWN_WORD = 0x10000;
/** What this unit becomes depends on its neighbours: the text goes through `normalisedWords`. */
export const SLOW = -1;
/** Not asked for yet. Entries are made at their first use: most texts need a hundred of the 65,536. */
export const UNKNOWN = -2;

export interface WordTable {
  entries: Int32Array;
  /** Makes the entry of a unit, or of a pair of surrogates (then nothing is remembered). */
  entry(code: number): number;
}

/** For prose: agrees with `normalisedWords`. */
export function proseTable(): WordTable {
  return table(proseEntry);
}

/** For source code: agrees with `codeWords`. */
export function codeTable(): WordTable {
  return table(codeEntry);
}

/** For what `normalisedWords` and `codeWords` return: only the space separates. */
export function plainTable(): WordTable {
  return table((code) => (code === 0x20 ? 0 : code));
}

function table(make: (code: number) => number): WordTable {
  const entries = new Int32Array(0x10000).fill(UNKNOWN);
  const entry = (code: number) => {
    const value = make(code);
    if (code < 0x10000) entries[code] = value;
    return value;
  };
  return { entries, entry };
}

/** Characters that may join with the one before them: marks, and the parts of Korean syllables. */
const joins = /[\p{M}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/u;
/** Marks that never join: the choice between text and picture of a sign. */
const variationSelector = /[\ufe00-\ufe0f]/;

function proseEntry(code: number): number {
  const char = String.fromCodePoint(code);
  const composed = char.normalize('NFKC');
  // Capital sigma has two small forms, by place in the word; capital i with a dot becomes two units.
  if (/[Σİ]/.test(composed)) return SLOW;
  const normal = composed.toLowerCase();
  if (variationSelector.test(normal)) return normal.length === 1 ? normal.charCodeAt(0) : SLOW;
  if (isSurrogate(code) || joins.test(char) || joins.test(normal)) return SLOW;
  const word = normalisedWords(char);
  if (word === '') return 0;
  if (word.length !== 1 || normal.length !== 1) return SLOW;
  return word.charCodeAt(0) | (normalisedWords(`a${char}`).length === 3 ? OWN_WORD : 0);
}

function codeEntry(code: number): number {
  const char = String.fromCodePoint(code);
  if (code >= 0x10000) return SLOW;
  if (isSurrogate(code)) return SLOW;
  if (codeWords(char) === '') return 0;
  return code | (codeWords(`a${char}`).length === 3 ? OWN_WORD : 0);
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}
