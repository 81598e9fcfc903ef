import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { writeJson } from '@lucie/ledger';
import { documentText } from '../document.ts';
import { type Contamination, layout } from '../layout.ts';
import { readDocuments } from '../parquet.ts';
import type { Step, Unit, UnitContext } from '../steps/step.ts';
import { type Benchmarks, openBenchmarks } from './benchmarks.ts';
import type { ContaminationOptions } from './options.ts';
import { benchmarkHash } from './read-items.ts';

const { step, hits } = layout.contamination;

/** Beside the hits of every unit: `BenchmarkSize[]`, what there was to be found. */
export const SIZES = 'benchmarks.json';

/**
 * The step `contamination`: documents that hold text of a benchmark. One run of words is enough, in title, text or
 * across both; a run that stands in very many texts of one benchmark is none. How many documents of the corpus hold
 * an item does not matter: what has leaked often has leaked; the report says which items these are.
 */
export function contaminationStep(options: ContaminationOptions): Step {
  // Only the names and what is in the files decides, not where they lie.
  const { benchmarks, ...rest } = options;
  const named = benchmarks.map(({ name, fields }) => ({ name, ...(fields ? { fields } : {}) }));
  return {
    name: step,
    version: 1,
    options: { ...rest, benchmarks: named },
    async units(before) {
      const hashes = await Promise.all(benchmarks.map(benchmarkHash));
      return before
        .units(layout.read.step)
        .map((name) => ({ name, key: hashes, reads: [`${layout.read.step}/${name}`] }));
    },
    run: (unit, context) => findContamination(unit, options, context),
  };
}

async function findContamination(
  unit: Unit,
  options: ContaminationOptions,
  context: UnitContext,
): Promise<void> {
  const benchmarks = await openBenchmarks(options, context.memoryBytes);
  const file = createWriteStream(join(context.out, hits));
  // An error of the file must reach the loop below, which may be waiting for documents when it comes.
  const written = finished(file);
  written.catch(() => {});
  try {
    if (options.benchmarks.length > 0) {
      const path = join(context.dir(layout.read.step, unit.name), layout.read.documents);
      for await (const hit of hitsIn(path, benchmarks, context))
        if (!file.write(`${JSON.stringify(hit)}\n`)) await Promise.race([once(file, 'drain'), written]);
    }
    file.end();
    await written;
  } finally {
    file.destroy();
  }
  await writeJson(join(context.out, SIZES), benchmarks.sizes);
}

/** A document that holds several items has several lines, in the order of its text. */
async function* hitsIn(
  path: string,
  benchmarks: Benchmarks,
  { signal, progress }: UnitContext,
): AsyncGenerator<Contamination> {
  let row = 0;
  let count = 0;
  progress.start('benchmark items', undefined, 'documents');
  for await (const document of readDocuments(path)) {
    const found = benchmarks.find(documentText(document));
    if (found.length > 0) count++;
    for (const { benchmark, item, words } of found) yield { row, id: document.id, benchmark, item, words };
    if (++row % 256 === 0) {
      signal.throwIfAborted();
      progress.update(row, `${count} found`);
    }
  }
  progress.end(`${count} of ${row} documents hold text of a benchmark`);
}
