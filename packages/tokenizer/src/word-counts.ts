import type { Scanner } from './scanners.ts';
import { grown, WordTable } from './word-table.ts';

/** Pieces longer than this are data (base64, rules of dashes), not words: they are not learnt from. */
const MAX_UNITS = 512;

/**
 * How often each pre-token occurs. Memory is bounded: when more than `maxWords` are held, the rarest are dropped
 * until at most half as many are left, so only words far below any useful frequency can be undercounted.
 */
export class WordCounts {
  #scan: Scanner;
  #maxWords: number;
  #table = new WordTable();
  #counts = new Float64Array(1 << 11);

  constructor(scan: Scanner, maxWords = 4_000_000) {
    this.#scan = scan;
    this.#maxWords = maxWords;
  }

  get size(): number {
    return this.#table.size;
  }

  /** Counts the pre-tokens of a text. */
  add(text: string): void {
    const scan = this.#scan;
    for (let at = 0; at < text.length; ) {
      const end = scan(text, at);
      if (end - at <= MAX_UNITS) this.#count(text, at, end, 1);
      at = end;
    }
    if (this.#table.size > this.#maxWords) this.#dropRarest();
  }

  /** Words with their counts, in the order in which they were first met. */
  *entries(): Generator<[word: string, count: number]> {
    for (let i = 0; i < this.#table.size; i++) yield [this.#table.word(i), this.#counts[i]!];
  }

  #count(text: string, start: number, end: number, times: number): void {
    const word = this.#table.intern(text, start, end);
    if (word >= this.#counts.length) this.#counts = grown(this.#counts, word + 1);
    this.#counts[word]! += times;
  }

  #dropRarest(): void {
    const sorted = this.#counts.slice(0, this.#table.size).sort();
    const atMost = sorted[sorted.length - 1 - Math.floor(this.#maxWords / 2)]!;
    const kept = [...this.entries()].filter(([, count]) => count > atMost);
    this.#table = new WordTable();
    this.#counts = new Float64Array(1 << 11);
    for (const [word, count] of kept) this.#count(word, 0, word.length, count);
  }
}
