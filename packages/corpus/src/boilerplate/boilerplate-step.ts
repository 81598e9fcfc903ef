import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openConnection, partsOf, quoted } from '../parquet.ts';
import type { Finished, Step, UnitContext } from '../steps/step.ts';
import { boilerplateLayout } from './layout.ts';
import type { BoilerplateOptions } from './options.ts';

/** Lines in a part of the hashes: some hundred megabytes while they are counted. */
const LINES_PER_UNIT = 16_000_000;

const { step, repeated } = boilerplateLayout.boilerplate;

/**
 * The step `boilerplate`: lines that stand in more than `maximumDocuments` documents of the corpus, and the most
 * senior of these documents, which keeps the line. One unit per part of the hashes; into how many they are cut
 * changes nothing of what is found.
 */
export function boilerplateStep(options: BoilerplateOptions, linesPerUnit = LINES_PER_UNIT): Step {
  const { maximumDocuments } = options;
  return {
    name: step,
    version: 1,
    options: { maximumDocuments },
    async units(before) {
      const parts = Math.max(1, Math.ceil((await countLines(before)) / linesPerUnit));
      return Array.from({ length: parts }, (_, part) => ({
        name: `${String(part).padStart(5, '0')}-of-${String(parts).padStart(5, '0')}`,
        key: { part, parts },
        reads: [boilerplateLayout.lines.step],
      }));
    },
    async run(unit, context) {
      await writeRepeated(context, { ...(unit.key as { part: number; parts: number }), maximumDocuments });
    },
  };
}

async function countLines(before: Finished): Promise<number> {
  const { step, counts } = boilerplateLayout.lines;
  const all = before
    .units(step)
    .map(async (unit) => JSON.parse(await readFile(join(before.dir(step, unit), counts), 'utf8')).lines);
  return (await Promise.all(all)).reduce((a, b) => a + b, 0);
}

/** Columns: `hash`, `documents`, and `unit` and `row` of the document that keeps the line. */
async function writeRepeated(
  context: UnitContext,
  opts: { part: number; parts: number; maximumDocuments: number },
): Promise<void> {
  const { step, lines } = boilerplateLayout.lines;
  const files: string[] = [];
  for (const unit of context.units(step))
    files.push(...(await partsOf(join(context.dir(step, unit), lines))));
  context.progress.start('repeated lines');
  const spill = join(context.out, 'spill.tmp');
  const connection = await openConnection({ memoryBytes: context.memoryBytes, spill });
  const path = join(context.out, repeated);
  try {
    // Two passes over the hashes: with texts in its groups DuckDB could not spill the first, which has one per line.
    const own = `SELECT hash::BIGINT AS hash, seniority, unit, row::BIGINT AS row
      FROM read_parquet([${files.map(quoted).join(', ')}]) WHERE hash::BIGINT % ${opts.parts} = ${opts.part}`;
    await connection.database.run(`COPY (
      WITH own AS NOT MATERIALIZED (${own}),
        often AS (SELECT hash, count(*) AS documents FROM own GROUP BY hash HAVING count(*) > ${opts.maximumDocuments})
      SELECT hash, documents, kept.unit AS unit, kept.row AS row
      FROM (SELECT hash, min({'seniority': seniority, 'unit': unit, 'row': row}) AS kept FROM own SEMI JOIN often USING (hash) GROUP BY hash)
      JOIN often USING (hash) ORDER BY hash
    ) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`);
  } finally {
    connection.close();
    await rm(spill, { recursive: true, force: true });
  }
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
  context.progress.end();
}
