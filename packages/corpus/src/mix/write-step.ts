import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Document, documentColumns } from '../document.ts';
import { layout } from '../layout.ts';
import { openConnection, ParquetWriter, partsOf, quoted, readDocuments } from '../parquet.ts';
import type { Step, UnitContext } from '../steps/step.ts';
import { readMix } from './mix-file.ts';
import { explainOutOfMemory } from './out-of-memory.ts';
import { TextSlices } from './text-slices.ts';

const { select, apply, write } = layout;

/** Of the memory that a unit may hold, what the text of a slice may fill as it lies on disk: strings take twice that, and parsing twice again. */
const SLICE_SHARE = 1 / 8;

/** The step `write`: the documents of each source in the order that `select` has decided, those held out beside. @throws LucieError `MEMORY_TOO_LITTLE` */
export function writeStep(): Step {
  return {
    name: write.step,
    version: 1,
    options: {},
    async units(before) {
      const mix = await readMix(join(before.dir(select.step, select.unit), select.mix));
      return mix.sources
        .filter(({ documents, heldOutDocuments }) => documents + heldOutDocuments > 0)
        .map(({ source }) => ({
          name: source,
          reads: [
            `${select.step}/${select.unit}`,
            ...before
              .units(apply.step)
              .filter((unit) => unit === source || unit.startsWith(`${source}.`))
              .map((unit) => `${apply.step}/${unit}`),
          ],
        }));
    },
    run: (unit, context) => run(unit.name, context),
  };
}

async function run(source: string, context: UnitContext): Promise<void> {
  const spill = join(context.out, 'spill');
  const connection = await openConnection({ memoryBytes: context.memoryBytes, spill });
  const outputs = [write.documents, write.heldOut].map(
    (name) => new ParquetWriter<Document>(join(context.out, name), { columns: documentColumns }),
  ) as [ParquetWriter<Document>, ParquetWriter<Document>];
  try {
    const selection = await loadSelection(connection.database, { source, context });
    const chosen = chosenDocuments(connection.database, { ...selection, context });
    const documents = selection.inOrder ? chosen : sorted(chosen, join(spill, 'slices'));
    context.progress.start(`writing ${source}`, selection.total, 'documents');
    let done = 0;
    for await (const { document, heldOut } of documents) {
      context.signal.throwIfAborted();
      await outputs[heldOut ? 1 : 0].add(document);
      context.progress.update(++done);
    }
    for (const output of outputs) await output.finish();
    context.progress.end(`${done} documents`);
  } catch (error) {
    for (const output of outputs) await output.abandon();
    throw explainOutOfMemory(error, context.memoryBytes);
  } finally {
    connection.close();
    await rm(spill, { recursive: true, force: true });
  }
}

interface Selection {
  /** Names of the units that documents are taken from, in the order of the corpus. */
  units: string[];
  /** Whether the units' own order is the one wanted. */
  inOrder: boolean;
  total: number;
}

/** The table `selection`: `unit`, `row`, `heldOut`, `place` in the order wanted, `slice` that fits in memory. */
async function loadSelection(
  database: DuckDBConnection,
  opts: { source: string; context: UnitContext },
): Promise<Selection> {
  const { context } = opts;
  const file = quoted(join(context.dir(select.step, select.unit), `${opts.source}.parquet`));
  await database.run(
    `CREATE TABLE chosen AS SELECT file_row_number AS place, unit, "row", "heldOut"
      FROM read_parquet(${file}, file_row_number = true)`,
  );
  const named = await database.runAndReadAll('SELECT DISTINCT unit FROM chosen');
  const names = new Set(named.getRows().map(([unit]) => String(unit)));
  const units = context.units(apply.step).filter((unit) => names.has(unit));
  await database.run('CREATE TABLE lengths (unit VARCHAR, nth INTEGER, "row" BIGINT, bytes BIGINT)');
  for (const [nth, unit] of units.entries()) {
    const index = (await partsOf(join(context.dir(apply.step, unit), apply.index))).map(quoted).join(', ');
    await database.run(
      `INSERT INTO lengths SELECT ${quoted(unit)}, ${nth}, "row"::BIGINT, bytes::BIGINT FROM read_parquet([${index}])`,
    );
  }
  const sliceBytes = Math.max(1, Math.floor(context.memoryBytes * SLICE_SHARE));
  await database.run(
    `CREATE TABLE selection AS SELECT unit, nth, "row", "heldOut", place,
      (sum(bytes) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) // ${sliceBytes})::INTEGER AS slice
      FROM chosen JOIN lengths USING (unit, "row")`,
  );
  const [[inOrder, total]] = (await database
    .runAndReadAll(
      `SELECT coalesce(bool_and(place > before), true), count(*)::DOUBLE
        FROM (SELECT place, coalesce(lag(place) OVER (ORDER BY nth, "row"), -1) AS before FROM selection)`,
    )
    .then((result) => result.getRows())) as [[boolean, number]];
  return { units, inOrder, total };
}

interface Chosen {
  document: Document;
  heldOut: boolean;
}

/** The chosen documents as they lie in their units, each with its place. */
async function* chosenDocuments(
  database: DuckDBConnection,
  opts: { units: readonly string[]; context: UnitContext },
): AsyncGenerator<Chosen & { place: number; slice: number }> {
  for (const unit of opts.units) {
    const rows = await database.runAndReadAll(
      `SELECT "row"::DOUBLE, "heldOut", place::DOUBLE, slice FROM selection WHERE unit = ${quoted(unit)}`,
    );
    const chosen = new Map(
      rows
        .getRows()
        .map(([row, heldOut, place, slice]) => [
          Number(row),
          { heldOut: Boolean(heldOut), place: Number(place), slice: Number(slice) },
        ]),
    );
    let row = 0;
    for await (const document of readDocuments(join(opts.context.dir(apply.step, unit), apply.documents))) {
      opts.context.signal.throwIfAborted();
      const found = chosen.get(row++);
      if (found) yield { document, ...found };
    }
  }
}

async function* sorted(chosen: ReturnType<typeof chosenDocuments>, dir: string): AsyncGenerator<Chosen> {
  const slices = new TextSlices<Chosen>(dir);
  for await (const { place, slice, ...record } of chosen) await slices.add(record, { place, slice });
  yield* slices.inOrder();
}
