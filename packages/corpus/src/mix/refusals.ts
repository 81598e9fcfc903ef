import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from '../parquet.ts';
import { chanceSql } from './chance.ts';

/** Oldest first, undated last, then by the freest licence, then by id: the order in which duplicates survive. */
const SENIORITY = `CASE WHEN date = '' THEN '9999' ELSE date END, "rank", id, nth`;

/** An id names one document: the first in the order of the corpus has it. */
export async function refuseSecondIds(database: DuckDBConnection): Promise<void> {
  await database.run(
    `UPDATE docs SET reason = 'unreadable', value = 'an id for the second time'
      FROM (SELECT id, min(nth) AS first FROM docs GROUP BY id HAVING count(*) > 1) AS twice
      WHERE docs.id = twice.id AND docs.nth > twice.first`,
  );
}

/**
 * Taking repeated lines away can leave equal words in documents that differed before: all but the most senior are
 * refused.
 */
export async function refuseRepeated(database: DuckDBConnection): Promise<void> {
  await database.run(
    `CREATE TABLE repeated AS SELECT nth, survivor FROM (
      SELECT nth, row_number() OVER seniority AS place, first_value(id) OVER seniority AS survivor
      FROM docs WHERE reason IS NULL AND hash IN
        (SELECT hash FROM docs WHERE reason IS NULL GROUP BY hash HAVING count(*) > 1)
      WINDOW seniority AS (PARTITION BY hash ORDER BY ${SENIORITY})
    ) WHERE place > 1`,
  );
  await database.run(
    `UPDATE docs SET reason = 'exact-duplicate', value = survivor FROM repeated WHERE docs.nth = repeated.nth`,
  );
  await database.run('DROP TABLE repeated');
}

/** Keeps a source within its bytes, taking documents in the order of their chance: a larger cap holds a smaller one. */
export async function refuseBeyondCaps(
  database: DuckDBConnection,
  opts: { source: string; seed: number; maxBytes: number },
): Promise<void> {
  await database.run(
    `CREATE TABLE beyond AS SELECT nth FROM (
      SELECT nth, sum(bytes) OVER (ORDER BY ${chanceSql(opts.seed, 'cap')}, id, nth ROWS UNBOUNDED PRECEDING) AS filled
      FROM docs WHERE source = ${quoted(opts.source)} AND reason IS NULL
    ) WHERE filled > ${opts.maxBytes}`,
  );
  await database.run(
    `UPDATE docs SET reason = 'source-cap', value = '${opts.maxBytes}' FROM beyond WHERE docs.nth = beyond.nth`,
  );
  await database.run('DROP TABLE beyond');
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
