import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { layout } from '../layout.ts';
import { partsOf, quoted } from '../parquet.ts';

/**
 * Brings the indexes of all units into the table `docs`, one row per document in the order of the corpus:
 * `nth` (position, from 0), `unit` (its number), `row`, `id`, `source`, `licence`,
 * `language`, `date`, `bytes`, and for the refusals to come `reason`, `value`, `held_out`.
 */
export async function loadIndex(
  database: DuckDBConnection,
  units: readonly { name: string; dir: string }[],
  signal: AbortSignal,
): Promise<void> {
  await database.run(
    `CREATE TABLE docs (nth BIGINT, unit INTEGER, "row" BIGINT, id VARCHAR, source VARCHAR, licence VARCHAR,
      language VARCHAR, date VARCHAR, bytes BIGINT,
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
        ${unit}, "row"::BIGINT, id, source, licence, language, date, bytes::BIGINT, NULL, NULL, false
        FROM read_parquet([${files}]) ORDER BY "row"::BIGINT`,
    );
  }
}
