import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJsonLines } from '../apply/by-row.ts';
import type { Funnel } from '../funnel.ts';
import { type Contamination, layout } from '../layout.ts';
import type { Finished } from '../steps/step.ts';
import type { BenchmarkSize } from './benchmarks.ts';
import { SIZES } from './contamination-step.ts';

/** Items that are listed by name, those in most documents first. */
const LISTED = 20;

/** What was found of a benchmark, and where. */
export interface BenchmarkFindings extends BenchmarkSize {
  /** Items of which some document holds a run of words. */
  found: number;
  /** Documents that fell with an item of it; a document with items of two benchmarks counts for both. */
  dropped: number;
  sources: { source: string; found: number; dropped: number }[];
  /** Items in most documents, duplicates included: an often quoted formula shows here. */
  most: { item: string; documents: number }[];
}

/**
 * What the steps `contamination` and `apply` have found of each benchmark, in the order of the options.
 * @param sourceOf - source of a `read` unit
 */
export async function contaminationReport(
  finished: Finished,
  sourceOf: (unit: string) => string,
): Promise<BenchmarkFindings[]> {
  const units = finished.units(layout.contamination.step);
  const sizes = await benchmarkSizes(finished);
  const all = new Map(sizes.map(({ name }) => [name, new Tally()]));
  for (const unit of units) {
    const source = sourceOf(unit);
    const hits = join(finished.dir(layout.contamination.step, unit), layout.contamination.hits);
    for await (const { benchmark, item } of readJsonLines<Contamination>(hits))
      all.get(benchmark)?.hit(item, source);
    const funnel = join(finished.dir(layout.apply.step, unit), layout.apply.funnel);
    const { counts } = JSON.parse(await readFile(funnel, 'utf8')) as Funnel;
    for (const [benchmark, documents] of Object.entries(counts.contamination ?? {}))
      all.get(benchmark)?.drop(documents, source);
  }
  return sizes.map((size) => ({ ...size, ...all.get(size.name)!.findings() }));
}

/** Items of each benchmark and how many of them can be found; none before the step has a unit. */
export async function benchmarkSizes(finished: Finished): Promise<BenchmarkSize[]> {
  const [unit] = finished.units(layout.contamination.step);
  if (unit === undefined) return [];
  const path = join(finished.dir(layout.contamination.step, unit), SIZES);
  return JSON.parse(await readFile(path, 'utf8')) as BenchmarkSize[];
}

/** Counts for one benchmark. In memory: its found items. */
class Tally {
  #items = new Map<string, number>();
  #sources = new Map<string, { items: Set<string>; dropped: number }>();

  hit(item: string, source: string): void {
    this.#items.set(item, (this.#items.get(item) ?? 0) + 1);
    this.#source(source).items.add(item);
  }

  drop(documents: number, source: string): void {
    this.#source(source).dropped += documents;
  }

  findings(): Omit<BenchmarkFindings, keyof BenchmarkSize> {
    const sources = [...this.#sources]
      .map(([source, { items, dropped }]) => ({ source, found: items.size, dropped }))
      .sort((a, b) => (a.source < b.source ? -1 : 1));
    const most = [...this.#items]
      .map(([item, documents]) => ({ item, documents }))
      .sort((a, b) => b.documents - a.documents || Number(a.item) - Number(b.item))
      .slice(0, LISTED);
    const dropped = sources.reduce((sum, source) => sum + source.dropped, 0);
    return { found: this.#items.size, dropped, sources, most };
  }

  #source(name: string): { items: Set<string>; dropped: number } {
    const source = this.#sources.get(name) ?? { items: new Set<string>(), dropped: 0 };
    this.#sources.set(name, source);
    return source;
  }
}
