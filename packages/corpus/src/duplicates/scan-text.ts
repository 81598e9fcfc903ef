import { mix32 } from './min-hash.ts';
import { codeTable, OWN_WORD, plainTable, proseTable, SLOW, UNKNOWN, type WordTable } from './word-table.ts';
import { codeWords, normalisedWords } from './words.ts';

/** UTF-16 units looked at at a time. */
const PIECE = 1 << 16;
/** Two unlike multipliers: the hashes of a word under both count as 64 bits together. */
const FIRST = 0x9e3779b1 | 0;
const SECOND = 0x85ebca77 | 0;
/** Of the polynomial over the hashes of the words in a run. 1 less and 1 more hold few factors of two. */
const BASE = 0x9e3779b5 | 0;
/** Words remembered, so that the one that leaves a run can be taken out of its polynomial. */
const RING = 32;

const prose = proseTable();
const code = codeTable();
const plain = plainTable();

/** Where a scan puts its runs of words. */
export interface RunSink {
  /** Room for at least `count` values; what was written stays. */
  reserve(count: number): Int32Array;
}

/**
 * Turns a text into the hashes of its runs of words and a hash of all its words, in one pass. The words are those of
 * `normalisedWords`, or of `codeWords` where the language is `code:…`.
 */
export class TextScanner {
  /** Words of the last text. */
  words = 0;
  /** Runs of the last text, of which some may be equal. A text of fewer words than a run has is one run. */
  runs = 0;
  /** Hash of the words of the last text, 64 bits, and their number; of the text itself where it has no word. */
  readonly exact = new Int32Array(3);
  #length: number;
  #sink: RunSink;
  /** BASE to the power of a run's length: what the word that leaves a run weighs. */
  #leaving = 1;
  #units = new Uint16Array(PIECE);
  #bytes = Buffer.from(this.#units.buffer);
  /** Both hashes of the words of a piece. */
  #first = new Int32Array(PIECE + 1);
  #second = new Int32Array(PIECE + 1);
  #ring = new Int32Array(RING);
  #polynomial = 0;

  /** @param length - words in a run, fewer than 32 */
  constructor(length: number, sink: RunSink) {
    if (length >= RING) throw new RangeError(`${length} words in a run`);
    this.#length = length;
    this.#sink = sink;
    for (let i = 0; i < length; i++) this.#leaving = Math.imul(this.#leaving, BASE);
  }

  scan(text: string, language: string): void {
    const isCode = language.startsWith('code:');
    if (!this.#pass(text, isCode ? code : prose))
      this.#pass(isCode ? codeWords(text) : normalisedWords(text), plain);
    if (this.words === 0) this.#hashRaw(text);
    else if (this.runs === 0) this.#sink.reserve(1)[this.runs++] = mix32(this.#polynomial ^ this.words);
  }

  /** False where a unit of the text cannot be judged by itself. */
  #pass(text: string, table: WordTable): boolean {
    this.words = 0;
    this.runs = 0;
    this.#polynomial = 0;
    this.#ring.fill(0);
    this.exact.fill(0);
    for (let start = 0; start < text.length || start === 0; ) {
      let end = Math.min(start + PIECE - 1, text.length);
      // A piece ends between words; only a word longer than a piece is cut.
      if (end < text.length) end = lastBreak(text, { start, end, table });
      this.#bytes.write(start === 0 && end === text.length ? text : text.slice(start, end), 'utf16le');
      const count = end - start;
      this.#units[count] = 0x20;
      let words = this.#splitFast(count + 1, table.entries);
      if (words < 0) words = this.#split(count + 1, table);
      if (words < 0) return false;
      this.#take(words);
      start = end;
      if (text.length === 0) break;
    }
    return true;
  }

  /**
   * Hashes the words of a piece without a branch per unit (a word's end cannot be foreseen and would cost more than
   * the hashing). @returns words, or -1 where an entry is neither a separator nor a unit of a word
   */
  #splitFast(count: number, entries: Int32Array): number {
    const units = this.#units;
    const firsts = this.#first;
    const seconds = this.#second;
    let words = 0;
    let first = 0;
    let second = 0;
    let before = 0;
    let all = 0;
    for (let i = 0; i < count; i++) {
      const entry = entries[units[i]!]!;
      all |= entry;
      const inside = -entry >> 31;
      firsts[words] = first;
      seconds[words] = second;
      words += before & ~inside & 1;
      before = inside;
      // The multiplier is 0 at a separator, which begins the next word: quicker than to clear the hash afterwards.
      first = (Math.imul(first, FIRST & inside) + entry) | 0;
      second = (Math.imul(second, SECOND & inside) + entry) | 0;
    }
    return all < 0 || all >= OWN_WORD ? -1 : words;
  }

  /** The same for any entries. @returns words, or -1 where a unit cannot be judged by itself */
  #split(count: number, table: WordTable): number {
    const units = this.#units;
    let words = 0;
    let first = 0;
    let second = 0;
    let inside = false;
    const close = () => {
      this.#first[words] = first;
      this.#second[words++] = second;
      first = 0;
      second = 0;
      inside = false;
    };
    for (let i = 0; i < count; i++) {
      const unit = units[i]!;
      let entry = table.entries[unit]!;
      if (entry === UNKNOWN) entry = table.entry(unit);
      if (entry === SLOW) {
        // Pairs of surrogates are mostly pictures, which separate words.
        if (unit < 0xd800 || unit > 0xdbff || i + 1 === count) return -1;
        const pair = ((unit - 0xd800) << 10) + (units[++i]! - 0xdc00) + 0x10000;
        if (table.entry(pair) !== 0) return -1;
        entry = 0;
      }
      if ((entry === 0 || entry >= OWN_WORD) && inside) close();
      if (entry === 0) continue;
      first = (Math.imul(first, FIRST) + (entry & 0xffff)) | 0;
      second = (Math.imul(second, SECOND) + (entry & 0xffff)) | 0;
      inside = true;
      if (entry >= OWN_WORD) close();
    }
    return words;
  }

  /** The words of a piece go into the hash of all words and into runs. */
  #take(count: number): void {
    const length = this.#length;
    const leaving = this.#leaving;
    const ring = this.#ring;
    const out = this.#sink.reserve(this.runs + count);
    let words = this.words;
    let runs = this.runs;
    let polynomial = this.#polynomial;
    let low = this.exact[0]!;
    let high = this.exact[1]!;
    for (let i = 0; i < count; i++) {
      const word = mix32(this.#first[i]!);
      const second = this.#second[i]!;
      low = Math.imul(low ^ word, 0xcc9e2d51);
      low ^= low >>> 15;
      high = Math.imul(high ^ second ^ (second >>> 15), 0x1b873593);
      high ^= high >>> 13;
      const gone = ring[(words - length) & (RING - 1)]!;
      polynomial = (Math.imul(polynomial, BASE) + word - Math.imul(gone, leaving)) | 0;
      ring[words & (RING - 1)] = word;
      words++;
      if (words >= length) out[runs++] = mix32(polynomial);
    }
    this.words = words;
    this.runs = runs;
    this.#polynomial = polynomial;
    this.exact[0] = low;
    this.exact[1] = high;
    this.exact[2] = words;
  }

  /** Texts of signs alone are equal when they are equal unit by unit. */
  #hashRaw(text: string): void {
    let low = 0;
    let high = 0;
    for (let i = 0; i < text.length; i++) {
      low = Math.imul(low ^ text.charCodeAt(i), FIRST);
      high = Math.imul(high ^ text.charCodeAt(i), SECOND);
    }
    this.exact[0] = mix32(low);
    this.exact[1] = mix32(high);
    this.exact[2] = -1 - text.length;
  }
}

/** The end of the last separator in a piece of text, or its end where it is one word. */
function lastBreak(text: string, piece: { start: number; end: number; table: WordTable }): number {
  for (let end = piece.end; end > piece.start; end--) {
    const unit = text.charCodeAt(end - 1);
    const entry = piece.table.entries[unit]!;
    if ((entry === UNKNOWN ? piece.table.entry(unit) : entry) === 0) return end;
  }
  return piece.end;
}
