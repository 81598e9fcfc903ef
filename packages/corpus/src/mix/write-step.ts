import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Document, documentColumns } from '../document.ts';
import { layout } from '../layout.ts';
import { numberedRows, openConnection, ParquetWriter, quoted, readDocuments } from '../parquet.ts';
import type { Step, UnitContext } from '../steps/step.ts';
import { readMix } from './mix-file.ts';

const { select, apply, write } = layout;

/** The step `write`: the documents of each source in the order that `select` has decided, those held out beside. */
export function writeStep(): Step {
  return {
    name: write.step,
    version: 1,
    options: {},
    async units(before) {
      const mix = await readMix(join(before.dir(select.step, select.unit), select.mix));
      return mix.sources
        .filter(({ documents, heldOutDocuments }) => documents + heldOutDocuments > 0)
        .map(({ source }) => ({ name: source, reads: [`${select.step}/${select.unit}`, apply.step] }));
    },
    run: (unit, context) => run(unit.name, context),
  };
}

async function run(source: string, context: UnitContext): Promise<void> {
  const spill = join(context.out, 'spill');
  const connection = await openConnection({ memoryBytes: context.memoryBytes, spill });
  const { database } = connection;
  const selection = quoted(join(context.dir(select.step, select.unit), `${source}.parquet`));
  const outputs = [write.documents, write.heldOut].map(
    (name) => new ParquetWriter<Document>(join(context.out, name), { columns: documentColumns }),
  ) as [ParquetWriter<Document>, ParquetWriter<Document>];
  try {
    await database.run(
      `CREATE TABLE selection AS SELECT file_row_number AS place, unit, "row", "heldOut"
        FROM read_parquet(${selection}, file_row_number = true)`,
    );
    const { units, inOrder, total } = await shapeOf(database, context.units(apply.step));
    const documents = inOrder
      ? asTheyLie(database, { units, context })
      : sorted(database, { units, context });
    context.progress.start(`writing ${source}`, total, 'documents');
    let done = 0;
    for await (const { document, heldOut } of documents) {
      context.signal.throwIfAborted();
      await outputs[heldOut ? 1 : 0].add(document);
      context.progress.update(++done);
    }
    for (const output of outputs) await output.finish();
    context.progress.end(`${total} documents`);
  } catch (error) {
    for (const output of outputs) await output.abandon();
    throw error;
  } finally {
    connection.close();
    await rm(spill, { recursive: true, force: true });
  }
}

interface Chosen {
  document: Document;
  heldOut: boolean;
}

interface Reading {
  /** Names of the units of the selection, in the order of the corpus. */
  units: readonly string[];
  context: Pick<UnitContext, 'dir'>;
}

/** Which units a selection takes from, how much, and whether it takes them as they lie. */
async function shapeOf(
  database: DuckDBConnection,
  all: readonly string[],
): Promise<{ units: string[]; inOrder: boolean; total: number }> {
  const named = new Map(
    (
      await database.runAndReadAll(
        'SELECT unit, min(place)::DOUBLE, max(place)::DOUBLE FROM selection GROUP BY unit',
      )
    )
      .getRows()
      .map(([unit, first, last]) => [String(unit), { first: Number(first), last: Number(last) }]),
  );
  const units = all.filter((unit) => named.has(unit));
  const [[inside, total]] = (await database
    .runAndReadAll(
      `SELECT coalesce(bool_and("row" > before), true), count(*)::DOUBLE FROM
        (SELECT "row", coalesce(lag("row") OVER (PARTITION BY unit ORDER BY place), -1) AS before FROM selection)`,
    )
    .then((result) => result.getRows())) as [[boolean, number]];
  const across = units.every((unit, i) => i === 0 || named.get(units[i - 1]!)!.last < named.get(unit)!.first);
  return { units, inOrder: inside && across, total };
}

/** Reads every unit once, without sorting anything. */
async function* asTheyLie(database: DuckDBConnection, { units, context }: Reading): AsyncGenerator<Chosen> {
  for (const unit of units) {
    const rows = await database.runAndReadAll(
      `SELECT "row"::DOUBLE, "heldOut" FROM selection WHERE unit = ${quoted(unit)}`,
    );
    const chosen = new Map(rows.getRows().map(([row, heldOut]) => [Number(row), Boolean(heldOut)]));
    let row = 0;
    for await (const document of readDocuments(join(context.dir(apply.step, unit), apply.documents))) {
      const heldOut = chosen.get(row++);
      if (heldOut !== undefined) yield { document, heldOut };
    }
  }
}

/** Lets DuckDB sort the texts, which spill to disk beyond its memory. */
async function* sorted(database: DuckDBConnection, { units, context }: Reading): AsyncGenerator<Chosen> {
  const tables: string[] = [];
  for (const unit of units) {
    const rows = await numberedRows(database, join(context.dir(apply.step, unit), apply.documents));
    tables.push(`SELECT ${quoted(unit)} AS unit, * FROM ${rows}`);
  }
  const columns = documentColumns.map((name) => `texts."${name}"`).join(', ');
  const result = await database.stream(
    `SELECT ${columns}, selection."heldOut" FROM (${tables.join(' UNION ALL ')}) AS texts
      JOIN selection USING (unit, "row") ORDER BY selection.place`,
  );
  for await (const chunk of result) {
    const values = chunk.getColumns();
    for (let row = 0; row < chunk.rowCount; row++) {
      const document = Object.fromEntries(
        documentColumns.map((name, column) => [name, String(values[column]![row] ?? '')]),
      ) as unknown as Document;
      yield { document, heldOut: Boolean(values[documentColumns.length]![row]) };
    }
  }
}
