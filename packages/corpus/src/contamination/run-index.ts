import { LucieError } from '@lucie/ledger';
import type { HashedWords } from './hashed-words.ts';

/** Different words with a letter that a run must have: a row of numbers or a laugh stands in too many places. */
const DIFFERENT_WORDS = 4;

// A run is seven numbers in one array.
const TEXT = 0;
/** First character in the text. */
const BEGIN = 1;
const HASH = 2;
/** The next run in the same slot, or −1. */
const NEXT = 3;
/** The same words in another text, or −1. Only the first of them stands in a slot and keeps count. */
const TWIN = 4;
/** Texts with these words in the group that was added last, and that group. COMMON: too many. 0: a twin. */
const COUNT = 5;
const GROUP = 6;
const STRIDE = 7;
const COMMON = -1;

/** Runs of words of many texts, found again in other texts: hashes propose, words decide. Texts are folded words. */
export class RunIndex {
  readonly #opts: { words: number; minimumWords: number; maximumTexts: number; memoryBytes: number };
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];
  #characters = 0;
  #runs = new Int32Array(STRIDE << 10);
  #size = 0;
  #slots = new Int32Array(1 << 11).fill(-1);
  /** Texts shorter than a run, by the hash of their first `minimumWords`. */
  readonly #short = new Map<number, number[]>();

  /**
   * @param opts - `words` in a run, `minimumWords` of a text that is shorter than a run; `maximumTexts` of one group
   * that may share a run before it counts as their manner of speaking; `memoryBytes` for the tables
   */
  constructor(opts: { words: number; minimumWords: number; maximumTexts: number; memoryBytes: number }) {
    this.#opts = { ...opts, minimumWords: Math.min(opts.minimumWords, opts.words) };
  }

  /**
   * Adds the runs of a text, or the whole text where it is shorter than a run. Texts of a group are added together.
   * @returns the number of the text, the same for the same words; undefined for one of too few words
   * @throws LucieError `BENCHMARKS_TOO_LARGE`
   */
  add(own: HashedWords, group: number): number | undefined {
    const { words, minimumWords } = this.#opts;
    if (own.count < minimumWords) return undefined;
    const known = this.#numbers.get(own.text);
    if (known !== undefined) return known;
    const number = this.#texts.push(own.text) - 1;
    this.#numbers.set(own.text, number);
    this.#characters += own.text.length;
    if (own.count < words) this.#addShort(own, number);
    else own.eachRun(words, (first, hash) => this.#insert(own, { first, hash, number, group }));
    return number;
  }

  /** Numbers of the texts that have a run by which they are found. */
  findable(): Set<number> {
    const found = new Set([...this.#short.values()].flat());
    for (let run = 0; run < this.#size; run++)
      if (this.#runs[run * STRIDE + COUNT]! > 0) for (const number of this.#textsOf(run)) found.add(number);
    return found;
  }

  /** Visits every run of the index in a text: where it stands there, and the texts that it is from. */
  search(other: HashedWords, visit: (at: { begin: number; end: number }, numbers: number[]) => void): void {
    const { words, minimumWords } = this.#opts;
    if (this.#size > 0)
      other.eachRun(words, (first, hash) => {
        const run = this.#find(other, first, hash);
        if (run < 0 || this.#runs[run * STRIDE + COUNT] === COMMON) return;
        visit({ begin: other.begins[first]!, end: other.end(first + words - 1) }, this.#textsOf(run));
      });
    if (this.#short.size > 0)
      other.eachRun(minimumWords, (first, hash) => {
        for (const number of this.#short.get(hash) ?? []) {
          const begin = other.begins[first]!;
          const end = begin + this.#texts[number]!.length;
          const whole = end === other.text.length || other.text[end] === ' ';
          if (whole && other.text.startsWith(this.#texts[number]!, begin)) visit({ begin, end }, [number]);
        }
      });
  }

  #addShort(own: HashedWords, number: number): void {
    if (!own.hasDifferent(DIFFERENT_WORDS, 0, own.count)) return;
    own.eachRun(this.#opts.minimumWords, (first, hash) => {
      if (first === 0) this.#short.set(hash, [...(this.#short.get(hash) ?? []), number]);
    });
  }

  #insert(own: HashedWords, run: { first: number; hash: number; number: number; group: number }): void {
    const { first, hash, number, group } = run;
    const begin = own.begins[first]!;
    const known = this.#find(own, first, hash);
    if (known < 0) {
      if (!own.hasDifferent(DIFFERENT_WORDS, first, this.#opts.words)) return;
      const slot = hash & (this.#slots.length - 1);
      this.#slots[slot] = this.#append([number, begin, hash, this.#slots[slot]!, -1, 1, group]);
      if (this.#size * 2 > this.#slots.length) this.#rehash();
      return;
    }
    const at = known * STRIDE;
    const twin = this.#runs[at + TWIN]!;
    const newest = twin < 0 ? known : twin;
    if (this.#runs[at + COUNT] === COMMON || this.#runs[newest * STRIDE + TEXT] === number) return;
    const count = this.#runs[at + GROUP] === group ? this.#runs[at + COUNT]! + 1 : 1;
    // The newest twin comes right after the first, so that it is at hand.
    const added = this.#append([number, begin, hash, -1, twin, 0, group]);
    this.#runs[at + TWIN] = added;
    this.#runs[at + COUNT] = count > this.#opts.maximumTexts ? COMMON : count;
    this.#runs[at + GROUP] = group;
  }

  /** The first run of the index with the words of a run of a text, or −1. */
  #find(other: HashedWords, first: number, hash: number): number {
    let candidate = this.#slots[hash & (this.#slots.length - 1)]!;
    for (; candidate >= 0; candidate = this.#runs[candidate * STRIDE + NEXT]!) {
      const at = candidate * STRIDE;
      if (this.#runs[at + HASH] !== hash) continue;
      const own = this.#texts[this.#runs[at + TEXT]!]!;
      const words = other.text.slice(other.begins[first]!, other.end(first + this.#opts.words - 1));
      const end = this.#runs[at + BEGIN]! + words.length;
      const whole = end === own.length || own[end] === ' ';
      if (whole && own.startsWith(words, this.#runs[at + BEGIN])) return candidate;
    }
    return -1;
  }

  #textsOf(first: number): number[] {
    const numbers: number[] = [];
    for (let run = first; run >= 0; run = this.#runs[run * STRIDE + TWIN]!)
      numbers.push(this.#runs[run * STRIDE + TEXT]!);
    return numbers;
  }

  #append(run: number[]): number {
    if ((this.#size + 1) * STRIDE > this.#runs.length) {
      const larger = new Int32Array(this.#runs.length * 2);
      larger.set(this.#runs);
      this.#runs = larger;
      this.#checkMemory();
    }
    this.#runs.set(run, this.#size * STRIDE);
    return this.#size++;
  }

  /** Twice the slots; twins stand in none. */
  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let run = 0; run < this.#size; run++) {
      const at = run * STRIDE;
      if (this.#runs[at + COUNT] === 0) continue;
      const slot = this.#runs[at + HASH]! & (slots.length - 1);
      this.#runs[at + NEXT] = slots[slot]!;
      slots[slot] = run;
    }
    this.#slots = slots;
    this.#checkMemory();
  }

  #checkMemory(): void {
    // A character of folded text takes two bytes, and stands in the map and in the list only once.
    const bytes = this.#runs.byteLength + this.#slots.byteLength + 2 * this.#characters;
    if (bytes <= this.#opts.memoryBytes) return;
    throw new LucieError({
      code: 'BENCHMARKS_TOO_LARGE',
      found: `benchmarks whose ${this.#size.toLocaleString('en')} runs of words take ${Math.ceil(bytes / 1e6)} MB and more`,
      expected: `at most ${Math.floor(this.#opts.memoryBytes / 1e6)} MB`,
      todo: 'give the corpus more memory, name the fields to read, or leave a benchmark out',
    });
  }
}
