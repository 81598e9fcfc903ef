import { LucieError } from '@lucie/ledger';
import { eachRun, type Run } from './rolling-runs.ts';

/** Different words with a letter that a run must have: a row of numbers or a laugh stands in too many places. */
const DIFFERENT_WORDS = 4;

// A run is seven numbers in one array.
const TEXT = 0;
const BEGIN = 1;
const HASH = 2;
/** The next run in the same slot, or −1. */
const NEXT = 3;
/** The same words in another text, or −1. Only the first of them stands in a slot and keeps count. */
const TWIN = 4;
/** Texts with these words in the group that was added last, and that group. COMMON: too many. */
const COUNT = 5;
const GROUP = 6;
const STRIDE = 7;
const COMMON = -1;

/** Runs of words of many texts, found again in other texts: hashes propose, words decide. Texts are folded words. */
export class RunIndex {
  readonly #opts: { words: number; maximumTexts: number; memoryBytes: number };
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #lengths = new Set<number>();
  #runs = new Int32Array(STRIDE << 10);
  #size = 0;
  #slots = new Int32Array(1 << 11).fill(-1);
  #characters = 0;

  /**
   * @param opts - `words` in a run; `maximumTexts` of one group that may share a run before it counts as their
   * manner of speaking; `memoryBytes` for the tables
   */
  constructor(opts: { words: number; maximumTexts: number; memoryBytes: number }) {
    this.#opts = opts;
  }

  /**
   * Adds the runs of a text, or the whole text where it is shorter than a run. Texts of a group are added together.
   * @returns the number of the text, the same for the same words
   * @throws LucieError `BENCHMARKS_TOO_LARGE`
   */
  add(text: string, group: number): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.push(text) - 1;
    this.#numbers.set(text, number);
    this.#characters += text.length;
    const length = Math.min(this.#opts.words, countWords(text));
    this.#lengths.add(length);
    eachRun(text, [length], (run) => this.#insert(run, { number, group }));
    return number;
  }

  /** Numbers of the texts that have a run by which they are found. */
  findable(): Set<number> {
    const found = new Set<number>();
    for (let run = 0; run < this.#size; run++) {
      const at = run * STRIDE;
      if (this.#runs[at + COUNT]! > 0) this.#eachTwin(run, (number) => found.add(number));
    }
    return found;
  }

  /** Visits every run of the index in a text, in the order of the text: its words, and the texts that it is from. */
  search(text: string, visit: (words: string, numbers: number[]) => void): void {
    const lengths = [...this.#lengths].sort((a, b) => b - a);
    eachRun(text, lengths, (run) => {
      const first = this.#find(text, run);
      if (first < 0 || this.#runs[first * STRIDE + COUNT] === COMMON) return;
      const numbers: number[] = [];
      this.#eachTwin(first, (number) => numbers.push(number));
      visit(text.slice(run.begin, run.end), numbers);
    });
  }

  #insert(run: Run, { number, group }: { number: number; group: number }): void {
    const text = this.#texts[number]!;
    const first = this.#find(text, run);
    if (first < 0) {
      if (!isTelling(text.slice(run.begin, run.end))) return;
      const slot = run.hash & (this.#slots.length - 1);
      const next = this.#slots[slot]!;
      this.#slots[slot] = this.#append([number, run.begin, run.hash, next, -1, 1, group]);
      if (this.#size * 2 > this.#slots.length) this.#rehash();
      return;
    }
    const at = first * STRIDE;
    const twin = this.#runs[at + TWIN]!;
    const newest = twin < 0 ? first : twin;
    if (this.#runs[at + COUNT] === COMMON || this.#runs[newest * STRIDE + TEXT] === number) return;
    const count = this.#runs[at + GROUP] === group ? this.#runs[at + COUNT]! + 1 : 1;
    // The newest twin comes right after the first, so that it is at hand.
    const added = this.#append([number, run.begin, run.hash, -1, twin, 0, group]);
    this.#runs[at + TWIN] = added;
    this.#runs[at + COUNT] = count > this.#opts.maximumTexts ? COMMON : count;
    this.#runs[at + GROUP] = group;
  }

  /** The first run of the index with these words, or −1. */
  #find(text: string, run: Run): number {
    let candidate = this.#slots[run.hash & (this.#slots.length - 1)]!;
    for (; candidate >= 0; candidate = this.#runs[candidate * STRIDE + NEXT]!) {
      const at = candidate * STRIDE;
      if (this.#runs[at + HASH] !== run.hash) continue;
      const own = this.#texts[this.#runs[at + TEXT]!]!;
      const end = this.#runs[at + BEGIN]! + run.end - run.begin;
      const whole = end === own.length || own[end] === ' ';
      if (whole && own.startsWith(text.slice(run.begin, run.end), this.#runs[at + BEGIN])) return candidate;
    }
    return -1;
  }

  #eachTwin(first: number, visit: (number: number) => void): void {
    for (let run = first; run >= 0; run = this.#runs[run * STRIDE + TWIN]!)
      visit(this.#runs[run * STRIDE + TEXT]!);
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

function countWords(text: string): number {
  let count = text === '' ? 0 : 1;
  for (let i = text.indexOf(' '); i >= 0; i = text.indexOf(' ', i + 1)) count++;
  return count;
}

/** Whether a run says enough to be recognised by. */
function isTelling(words: string): boolean {
  return new Set(words.split(' ').filter((word) => /\p{L}/u.test(word))).size >= DIFFERENT_WORDS;
}
