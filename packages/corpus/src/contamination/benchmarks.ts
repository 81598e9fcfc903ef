import { hashJson } from '@lucie/ledger';
import { foldWords } from './fold-words.ts';
import type { ContaminationOptions } from './options.ts';
import { benchmarkHash, readItems } from './read-items.ts';
import { RunIndex } from './run-index.ts';

/** What is known of a benchmark before any document is read. */
export interface BenchmarkSize {
  name: string;
  items: number;
  /** Items with a run of words by which they can be found; the others are too short or say too little. */
  usable: number;
}

/** An item that a document holds. */
export interface Found {
  benchmark: string;
  item: string;
  /** The run of words, folded. */
  words: string;
}

/** The items of all benchmarks, to be found in documents. */
export class Benchmarks {
  readonly sizes: BenchmarkSize[] = [];
  readonly #options: ContaminationOptions;
  readonly #index: RunIndex;
  /** Per text of the index: the items that hold it. */
  readonly #owners: { benchmark: number; item: string }[][] = [];

  private constructor(options: ContaminationOptions, memoryBytes: number) {
    this.#options = options;
    this.#index = new RunIndex({ ...options, memoryBytes });
  }

  /** @throws LucieError of `readItems`, `BENCHMARKS_TOO_LARGE` */
  static async read(options: ContaminationOptions, memoryBytes: number): Promise<Benchmarks> {
    const all = new Benchmarks(options, memoryBytes);
    for (const [number, benchmark] of options.benchmarks.entries()) {
      all.sizes.push({ name: benchmark.name, items: 0, usable: 0 });
      for await (const { name, texts } of readItems(benchmark)) all.#add(name, texts, number);
    }
    const findable = all.#index.findable();
    const usable = options.benchmarks.map(() => new Set<string>());
    for (const text of findable)
      for (const { benchmark, item } of all.#owners[text]!) usable[benchmark]!.add(item);
    for (const [number, size] of all.sizes.entries()) size.usable = usable[number]!.size;
    return all;
  }

  /** Items that a text holds, in the order of the text, each with the first of its runs. */
  find(text: string): Found[] {
    const found = new Map<string, Found>();
    this.#index.search(foldWords(text), (words, numbers) => {
      for (const number of numbers) {
        for (const { benchmark, item } of this.#owners[number]!) {
          const key = `${benchmark} ${item}`;
          if (!found.has(key)) found.set(key, { benchmark: this.sizes[benchmark]!.name, item, words });
        }
      }
    });
    return [...found.values()];
  }

  /** Each text of an item by itself; where all are too short, the item as one text. */
  #add(item: string, texts: string[], benchmark: number): void {
    this.sizes[benchmark]!.items++;
    const folded = texts.map(foldWords);
    const long = folded.filter((text) => this.#isLongEnough(text));
    const whole = folded.filter((text) => text !== '').join(' ');
    if (long.length === 0 && this.#isLongEnough(whole)) long.push(whole);
    for (const text of new Set(long)) {
      const number = this.#index.add(text, benchmark);
      (this.#owners[number] ??= []).push({ benchmark, item });
    }
  }

  #isLongEnough(folded: string): boolean {
    const { minimumWords, words } = this.#options;
    return folded.split(' ', minimumWords).length >= Math.min(minimumWords, words);
  }
}

let last: { key: string; benchmarks: Promise<Benchmarks> } | undefined;

/** Like `Benchmarks.read`, remembered: units that run in the same process ask for the same. */
export async function openBenchmarks(
  options: ContaminationOptions,
  memoryBytes: number,
): Promise<Benchmarks> {
  const hashes = await Promise.all(options.benchmarks.map(benchmarkHash));
  const key = hashJson({ options, hashes, memoryBytes });
  if (last?.key !== key) last = { key, benchmarks: Benchmarks.read(options, memoryBytes) };
  return last.benchmarks;
}
