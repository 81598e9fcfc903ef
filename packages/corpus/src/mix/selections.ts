import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from '../parquet.ts';
import { chanceSql } from './chance.ts';
import type { OrderOptions } from './options.ts';

/** Writes `<source>.parquet` for every source: the rows of `SelectionRow` in the order in which they are to be written. */
export async function writeSelections(
  database: DuckDBConnection,
  opts: {
    sources: readonly string[];
    seed: number;
    order: OrderOptions;
    out: string;
    signal: AbortSignal;
  },
): Promise<void> {
  for (const source of opts.sources) {
    opts.signal.throwIfAborted();
    const own = `(SELECT * FROM docs WHERE source = ${quoted(source)} AND reason IS NULL)`;
    await database.run(
      `COPY (SELECT units.name AS unit, "row", held_out AS "heldOut" FROM (${ordered(own, opts)}) AS sorted
        JOIN units USING (unit) ORDER BY place, nth)
        TO ${quoted(join(opts.out, `${source}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`,
    );
  }
}

/** SQL that gives the documents of a source their `place`. */
function ordered(own: string, opts: { seed: number; order: OrderOptions }): string {
  if (opts.order.by === 'reading') return `SELECT *, nth AS place FROM ${own}`;
  if (opts.order.by === 'chance') return `SELECT *, ${chanceSql(opts.seed, 'order')} AS place FROM ${own}`;
  // Dated and undated documents are each spread evenly over [0, 1), the dated ones by age, the others by chance.
  const byTime = `SELECT *, (row_number() OVER (PARTITION BY date = ''
      ORDER BY date, ${chanceSql(opts.seed, 'order')}, id, nth) - 0.5::DOUBLE) / count(*) OVER (PARTITION BY date = '') AS time
    FROM ${own}`;
  // Adding less than a window to each position and sorting again moves none further than a window.
  return `SELECT * EXCLUDE (line), line + ${opts.order.window - 1} * ${chanceSql(opts.seed, 'window')} AS place
    FROM (SELECT *, row_number() OVER (ORDER BY time, date, id, nth) AS line FROM (${byTime}))`;
}
