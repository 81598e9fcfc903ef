import { existsSync } from 'node:fs';
import { readJsonLines } from '../apply/by-row.ts';
import type { Contamination } from '../layout.ts';
import { mask, maskMail } from './mask.ts';

/** Documents that hold text of a benchmark, and which of its items, by benchmark and source. */
export interface ContaminationReport {
  benchmarks: {
    benchmark: string;
    documents: number;
    /** Items found at least once, in any source. */
    items: number;
    sources: { source: string; documents: number; items: number }[];
    /** The first findings, for the eye. */
    examples: { id: string; item: string; words: string }[];
  }[];
}

const EXAMPLES = 5;

interface Found {
  documents: number;
  items: Set<string>;
}

/** Adds up the hits of the `read` units. Held in memory: the items found, which are at most those of the benchmarks. */
export async function reportContamination(
  units: readonly { source: string; hits: string }[],
): Promise<ContaminationReport> {
  const benchmarks = new Map<string, { sources: Map<string, Found>; examples: Contamination[] }>();
  for (const { source, hits } of units) {
    if (!existsSync(hits)) continue;
    // A document may hold several items of one benchmark: its lines stand together.
    const last = new Map<string, number>();
    for await (const hit of readJsonLines<Contamination>(hits)) {
      const benchmark = entry(benchmarks, hit.benchmark, () => ({ sources: new Map(), examples: [] }));
      const found = entry(benchmark.sources, source, () => ({ documents: 0, items: new Set<string>() }));
      if (last.get(hit.benchmark) !== hit.row) found.documents++;
      last.set(hit.benchmark, hit.row);
      found.items.add(hit.item);
      if (benchmark.examples.length < EXAMPLES) benchmark.examples.push(hit);
    }
  }
  return {
    benchmarks: [...benchmarks.keys()].sort().map((name) => {
      const { sources, examples } = benchmarks.get(name)!;
      const parts = [...sources.keys()].sort().map((source) => ({ source, ...sources.get(source)! }));
      return {
        benchmark: name,
        documents: parts.reduce((sum, { documents }) => sum + documents, 0),
        items: parts.reduce((all, { items }) => all.union(items), new Set<string>()).size,
        sources: parts.map(({ source, documents, items }) => ({ source, documents, items: items.size })),
        examples: examples.map(({ id, item, words }) => ({ id: maskMail(id), item, words: mask(words) })),
      };
    }),
  };
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
