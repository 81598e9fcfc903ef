import { hashJson } from '@lucie/ledger';
import { foldWords } from './fold-words.ts';
import { HashedWords } from './hashed-words.ts';
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
  readonly #index: RunIndex;
  /** Per text of the index: the items that hold it. */
  readonly #owners: { benchmark: number; item: string }[][] = [];

  private constructor(options: ContaminationOptions, memoryBytes: number) {
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
    const words = new HashedWords(foldWords(text));
    const places: { begin: number; end: number; numbers: number[] }[] = [];
    this.#index.search(words, ({ begin, end }, numbers) => places.push({ begin, end, numbers }));
    const found = new Map<string, Found>();
    for (const { begin, end, numbers } of places.sort((a, b) => a.begin - b.begin || b.end - a.end)) {
      for (const { benchmark, item } of numbers.flatMap((number) => this.#owners[number]!)) {
        const key = `${benchmark} ${item}`;
        const name = this.sizes[benchmark]!.name;
        if (!found.has(key)) found.set(key, { benchmark: name, item, words: words.text.slice(begin, end) });
      }
    }
    return [...found.values()];
  }

  /** Each text of an item by itself; where all are too short, the item as one text. */
  #add(item: string, texts: string[], benchmark: number): void {
    this.sizes[benchmark]!.items++;
    const folded = texts.map(foldWords).filter((text) => text !== '');
    const add = (text: string) => this.#index.add(new HashedWords(text), benchmark);
    const numbers = new Set(folded.map(add));
    numbers.delete(undefined);
    if (numbers.size === 0) numbers.add(add(folded.join(' ')));
    for (const number of numbers)
      if (number !== undefined) (this.#owners[number] ??= []).push({ benchmark, item });
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
