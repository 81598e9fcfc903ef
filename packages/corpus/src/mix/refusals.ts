import type { DuckDBConnection } from '@duckdb/node-api';
import { readJsonLines } from '../apply/by-row.ts';
import { duplicateValue } from '../duplicates/refusal.ts';
import type { Duplicate } from '../layout.ts';
import { quoted } from '../parquet.ts';
import { chanceSql } from './chance.ts';

/**
 * Taking repeated lines away can leave documents alike that differed before: what was found about that falls.
 * @param units - paths of lines of `Duplicate`, in the order of the units
 */
export async function refuseRepeated(
  database: DuckDBConnection,
  units: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await database.run('CREATE TABLE repeated (unit INTEGER, "row" BIGINT, rule VARCHAR, value VARCHAR)');
  const appender = await database.createAppender('repeated');
  for (const [unit, path] of units.entries()) {
    signal.throwIfAborted();
    for await (const duplicate of readJsonLines<Duplicate>(path)) {
      appender.appendInteger(unit);
      appender.appendBigInt(BigInt(duplicate.row));
      appender.appendVarchar(duplicate.rule);
      appender.appendVarchar(duplicateValue(duplicate));
      appender.endRow();
    }
  }
  appender.closeSync();
  await database.run(
    `UPDATE docs SET reason = rule, value = repeated.value FROM repeated
      WHERE docs.unit = repeated.unit AND docs."row" = repeated."row"`,
  );
  await database.run('DROP TABLE repeated');
}

/** An id names one document: of those that stand the first in the order of the corpus has it. */
export async function refuseSecondIds(database: DuckDBConnection): Promise<void> {
  await database.run(
    `UPDATE docs SET reason = 'unreadable', value = 'an id for the second time'
      FROM (SELECT id, min(nth) AS first FROM docs WHERE reason IS NULL GROUP BY id HAVING count(*) > 1) AS twice
      WHERE docs.id = twice.id AND docs.nth > twice.first AND docs.reason IS NULL`,
  );
}

/**
 * Keeps a source within its bytes, taking documents in the order of their chance, so that long and short ones stay in
 * proportion. One that is larger than the whole cap is not asked: it would keep all others out.
 */
export async function refuseBeyondCaps(
  database: DuckDBConnection,
  opts: { source: string; seed: number; maxBytes: number },
): Promise<void> {
  const own = `source = ${quoted(opts.source)} AND reason IS NULL`;
  await database.run(
    `CREATE TABLE within AS SELECT nth FROM (
      SELECT nth, sum(bytes) OVER (ORDER BY ${chanceSql(opts.seed, 'cap')}, id, nth ROWS UNBOUNDED PRECEDING) AS filled
      FROM docs WHERE ${own} AND bytes <= ${opts.maxBytes}
    ) WHERE filled <= ${opts.maxBytes}`,
  );
  await database.run(
    `UPDATE docs SET reason = 'source-cap', value = '${opts.maxBytes}'
      WHERE ${own} AND nth NOT IN (SELECT nth FROM within)`,
  );
  await database.run('DROP TABLE within');
}

/**
 * Holds out a fraction of a source by chance, at least one document of a source that has two. Duplicates are gone by
 * now: what was found of them has no twin on the other side.
 */
export async function markHeldOut(
  database: DuckDBConnection,
  opts: { source: string; seed: number; fraction: number },
): Promise<void> {
  if (opts.fraction === 0) return;
  const own = `source = ${quoted(opts.source)} AND reason IS NULL`;
  const at = chanceSql(opts.seed, 'held-out');
  const [[documents, chosen]] = (await database
    .runAndReadAll(`SELECT count(*), count(*) FILTER (${at} < ${opts.fraction}) FROM docs WHERE ${own}`)
    .then((result) => result.getRows())) as [[bigint, bigint]];
  if (chosen > 0n)
    await database.run(`UPDATE docs SET held_out = true WHERE ${own} AND ${at} < ${opts.fraction}`);
  else if (documents > 1n)
    await database.run(
      `UPDATE docs SET held_out = true
        WHERE nth = (SELECT nth FROM docs WHERE ${own} ORDER BY ${at}, nth LIMIT 1)`,
    );
}
