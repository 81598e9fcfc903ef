import { mix32 } from '../clean/words.ts';

const SPACE = 0x20;
const NINE = 0x39;
/** Odd, so that a product loses nothing modulo 2³². */
const FACTOR = 0x2c1b3c6d;

/** A text of folded words (`foldWords`) with the place and a hash of each. */
export class HashedWords {
  readonly text: string;
  readonly count: number;
  /** Where each word begins; between two words stands one space. */
  readonly begins: Int32Array;
  readonly hashes: Int32Array;
  /** 1 for a word that is not digits alone. */
  readonly lettered: Uint8Array;

  constructor(text: string) {
    let spaces = 0;
    for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === SPACE) spaces++;
    this.text = text;
    this.count = text === '' ? 0 : spaces + 1;
    this.begins = new Int32Array(this.count);
    this.hashes = new Int32Array(this.count);
    this.lettered = new Uint8Array(this.count);
    let at = 0;
    for (let word = 0; word < this.count; word++, at++) {
      this.begins[word] = at;
      let hash = 0;
      let letters = 0;
      for (; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === SPACE) break;
        if (code > NINE) letters = 1;
        hash = Math.imul(hash ^ code, 0x85ebca6b);
      }
      this.hashes[word] = mix32(hash);
      this.lettered[word] = letters;
    }
  }

  /** Where a word ends. */
  end(word: number): number {
    return word + 1 < this.count ? this.begins[word + 1]! - 1 : this.text.length;
  }

  /**
   * Visits every run of so many words: its first word, and a 32-bit hash of the run, signed. The hash rolls: it is the
   * sum of the words' hashes times powers of a factor, modulo 2³².
   */
  eachRun(words: number, visit: (first: number, hash: number) => void): void {
    let leaving = 1;
    for (let i = 0; i < words; i++) leaving = Math.imul(leaving, FACTOR);
    let sum = 0;
    for (let last = 0; last < this.count; last++) {
      sum = (Math.imul(sum, FACTOR) + this.hashes[last]!) | 0;
      const first = last - words + 1;
      if (first > 0) sum = (sum - Math.imul(this.hashes[first - 1]!, leaving)) | 0;
      if (first >= 0) visit(first, mix32(sum));
    }
  }

  /** Whether a run has so many different words with a letter. */
  hasDifferent(least: number, first: number, words: number): boolean {
    let different = 0;
    for (let i = first; i < first + words && different < least; i++) {
      let isNew = this.lettered[i] === 1;
      for (let j = first; j < i && isNew; j++) isNew = this.hashes[j] !== this.hashes[i];
      if (isNew) different++;
    }
    return different >= least;
  }
}
