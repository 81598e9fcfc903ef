import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Step, UnitContext } from '../steps/step.ts';
import { BinaryWriter } from './binary-file.ts';
import { type UnitIndex, unitIndexes } from './corpus-index.ts';
import { quoted, withDatabase } from './database.ts';
import { firstPass, type Pass } from './pass.ts';
import { signatureFiles } from './signature-files.ts';

/** The first pass's. */
export const SENIORITY = firstPass.seniority;

/** In place of a rank: the document repeats a senior one word for word and is compared with nothing else. */
export const REPEATS = 0xffffffff;

/** Files of the one unit, `all`, of the step `seniority`. */
export const seniorityFiles = {
  unit: 'all',
  /** Per document in the order of the corpus its rank, from 0 for the most senior, or `REPEATS`. */
  ranks: 'ranks.bin',
  /** Pairs of ranks: a document that repeats another word for word, and the most senior one that it repeats; by the first. */
  exact: 'exact.bin',
  /** By rank: `unit` (its number), `row`, `id`. */
  documents: 'documents.parquet',
} as const;

/**
 * One unit: all documents by seniority (oldest date, then freest licence, then id), and who repeats whom word for
 * word. Holds four bytes per document in memory; the sorting is DuckDB's, within `context.memoryBytes`.
 */
export function seniorityStep(pass: Pass): Step {
  return {
    name: pass.seniority,
    version: 1,
    options: {},
    single: true,
    units: () => [{ name: seniorityFiles.unit, reads: [pass.signatures] }],
    run: (_unit, context) => rank(unitIndexes(context, pass.signatures), context),
  };
}

async function rank(units: readonly UnitIndex[], context: UnitContext): Promise<void> {
  const total = units.reduce((sum, unit) => sum + unit.documents, 0);
  const { memoryBytes, out, progress } = context;
  progress.start('seniority', total, 'documents');
  const repeats = await withDatabase({ memoryBytes, spill: join(out, 'spill') }, async (connection) => {
    await sortDocuments(connection, units, join(out, seniorityFiles.documents));
    context.signal.throwIfAborted();
    const ranks = new Uint32Array(total);
    let next = 0;
    const rows = await connection.stream('SELECT unit, "row" FROM senior ORDER BY rowid');
    for await (const chunk of rows) {
      const [unit, row] = chunk.getColumns() as [number[], number[]];
      for (let i = 0; i < unit.length; i++) ranks[units[unit[i]!]!.first + row[i]!] = next++;
      progress.update(next);
      context.signal.throwIfAborted();
    }
    return writeRepeats(connection, { units, ranks, context });
  });
  progress.end(`${repeats} of ${total} documents repeat another word for word`);
}

/** Makes the table `senior`, whose row ids are ranks, and its Parquet file. */
async function sortDocuments(
  connection: DuckDBConnection,
  units: readonly UnitIndex[],
  path: string,
): Promise<void> {
  await connection.run(
    'CREATE TABLE document (unit INTEGER, "row" INTEGER, id VARCHAR, date VARCHAR, licence INTEGER, hash VARCHAR)',
  );
  const columns = "{id: 'VARCHAR', date: 'VARCHAR', licence: 'INTEGER', hash: 'VARCHAR'}";
  for (const [number, unit] of units.entries()) {
    const file = quoted(join(unit.dir, signatureFiles.documents));
    await connection.run(
      `INSERT INTO document SELECT ${number}, row_number() OVER () - 1, * FROM read_ndjson(${file}, columns = ${columns})`,
    );
  }
  // Text is compared byte by byte: the same order on every machine.
  await connection.run(
    'CREATE TABLE senior AS SELECT unit, "row", id, hash FROM document ORDER BY date, licence, id, unit, "row"',
  );
  await connection.run('DROP TABLE document');
  await connection.run(
    `COPY (SELECT rowid AS rank, unit, "row", id FROM senior ORDER BY rowid) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

/** @returns how many documents repeat another word for word */
async function writeRepeats(
  connection: DuckDBConnection,
  opts: { units: readonly UnitIndex[]; ranks: Uint32Array; context: UnitContext },
): Promise<number> {
  const { units, ranks, context } = opts;
  const exact = new BinaryWriter(join(context.out, seniorityFiles.exact));
  const file = new BinaryWriter(join(context.out, seniorityFiles.ranks));
  let count = 0;
  try {
    const pairs = await connection.stream(
      `SELECT s.rowid, first, unit, "row" FROM senior s
       JOIN (SELECT hash, min(rowid) AS first FROM senior GROUP BY hash HAVING count(*) > 1) g ON s.hash = g.hash
       WHERE s.rowid > first ORDER BY s.rowid`,
    );
    for await (const chunk of pairs) {
      const [junior, senior, unit, row] = chunk.getColumns() as [bigint[], bigint[], number[], number[]];
      for (let i = 0; i < unit.length; i++) {
        exact.write(Uint32Array.of(Number(junior[i]!), Number(senior[i]!)));
        ranks[units[unit[i]!]!.first + row[i]!] = REPEATS;
        count++;
      }
      context.signal.throwIfAborted();
    }
    exact.close();
    file.write(ranks);
    file.close();
  } finally {
    exact.abandon();
    file.abandon();
  }
  return count;
}
