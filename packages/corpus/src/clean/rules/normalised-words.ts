import { characterClasses, SPACE } from './character-classes.ts';

/**
 * Words as RedPajama v2 normalises them: lower case, ASCII punctuation taken out (`l'eau` is `leau`), Unicode form
 * NFD, cut at white space. Lengths are code points, so that a letter with its accent counts two, as in the original.
 */
export interface NormalisedWords {
  /** Index into `vocabulary` of every word of the text. */
  ids: Int32Array;
  /** Each word once, in the order of its first appearance. */
  vocabulary: string[];
  /** Characters of each word of the vocabulary. */
  lengths: Int32Array;
  /** Characters of all words. */
  characters: number;
  /** Index of a word in the vocabulary. */
  index: Map<string, number>;
}

const ASCII_PUNCTUATION = /[!-/:-@[-`{-~]+/g;

/** A single text, or a phrase of a list, in the form in which words are compared. */
export function normalise(text: string): string {
  return text.toLowerCase().replace(ASCII_PUNCTUATION, '').normalize('NFD');
}

export function normalisedWords(text: string): NormalisedWords {
  const normal = normalise(text);
  const index = new Map<string, number>();
  const vocabulary: string[] = [];
  const lengths: number[] = [];
  let ids = new Int32Array(Math.max(16, normal.length >> 2));
  let count = 0;
  let characters = 0;
  for (let i = 0; i < normal.length; ) {
    while (i < normal.length && characterClasses[normal.charCodeAt(i)] === SPACE) i++;
    if (i >= normal.length) break;
    const start = i;
    while (i < normal.length && characterClasses[normal.charCodeAt(i)] !== SPACE) i++;
    const word = normal.slice(start, i);
    let id = index.get(word);
    if (id === undefined) {
      id = vocabulary.length;
      index.set(word, id);
      vocabulary.push(word);
      lengths.push(codePoints(word));
    }
    if (count === ids.length) {
      const larger = new Int32Array(2 * count);
      larger.set(ids);
      ids = larger;
    }
    ids[count++] = id;
    characters += lengths[id]!;
  }
  return { ids: ids.subarray(0, count), vocabulary, lengths: Int32Array.from(lengths), characters, index };
}

function codePoints(word: string): number {
  let count = word.length;
  for (let i = 1; i < word.length; i++) {
    const low = word.charCodeAt(i);
    const high = word.charCodeAt(i - 1);
    if (low >= 0xdc00 && low < 0xe000 && high >= 0xd800 && high < 0xdc00) count--;
  }
  return count;
}
