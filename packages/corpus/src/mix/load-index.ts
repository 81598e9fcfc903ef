import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { layout } from '../layout.ts';
import { licenceRank } from '../licences/rank.ts';
import { partsOf, quoted } from '../parquet.ts';

/**
 * Brings the indexes of all units into the table `docs`, one row per document in the order of the corpus:
 * `nth` (position, from 0), `unit` (its number), `row`, `id`, `source`, `licence`, `rank` (0 for the freest licences),
 * `language`, `date`, `bytes`, `hash`, and for the refusals to come `reason`, `value`, `held_out`.
 */
export async function loadIndex(
  database: DuckDBConnection,
  units: readonly { name: string; dir: string }[],
  signal: AbortSignal,
): Promise<void> {
  await database.run(
    `CREATE TABLE docs (nth BIGINT, unit INTEGER, "row" BIGINT, id VARCHAR, source VARCHAR, licence VARCHAR,
      "rank" DOUBLE, language VARCHAR, date VARCHAR, bytes BIGINT, hash VARCHAR,
      reason VARCHAR, value VARCHAR, held_out BOOLEAN)`,
  );
  await database.run('CREATE TABLE units (unit INTEGER, name VARCHAR)');
  for (const [unit, { name, dir }] of units.entries()) {
    signal.throwIfAborted();
    await database.run(`INSERT INTO units VALUES (${unit}, ${quoted(name)})`);
    const files = (await partsOf(join(dir, layout.apply.index))).map(quoted).join(', ');
    // Positions of a later unit lie beyond those of an earlier one; inside a unit the row decides.
    await database.run(
      `INSERT INTO docs SELECT (SELECT count(*) FROM docs) + row_number() OVER (ORDER BY "row"::BIGINT) - 1,
        ${unit}, "row"::BIGINT, id, source, licence, 0, language, date, bytes::BIGINT, hash, NULL, NULL, false
        FROM read_parquet([${files}]) ORDER BY "row"::BIGINT`,
    );
  }
  const licences = await database.runAndReadAll('SELECT DISTINCT licence FROM docs ORDER BY licence');
  for (const [licence] of licences.getRows()) {
    const rank = licenceRank(String(licence));
    if (rank === 0) continue;
    const value = Number.isFinite(rank) ? String(rank) : `'Infinity'::DOUBLE`;
    await database.run(`UPDATE docs SET "rank" = ${value} WHERE licence = ${quoted(String(licence))}`);
  }
}
