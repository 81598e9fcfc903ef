import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Amount, emptyAmount } from '../funnel.ts';
import { layout } from '../layout.ts';
import { openConnection, partsOf, quoted } from '../parquet.ts';
import { fallenQuery } from './fallen.ts';
import { optOutMatcher } from './match-opt-out.ts';
import { traces } from './opt-out-step.ts';
import type { OptOut } from './options.ts';

/** What an opt-out takes out of a corpus. */
export interface OptOutMatches {
  /** Documents that models are trained on. */
  training: Amount;
  heldOut: Amount;
  /** Of both, by source. */
  sources: ({ source: string } & Amount)[];
  /** Documents that it names among those that were refused before; their text lies in `rejected.parquet`. */
  rejected: number;
}

const MEMORY = 1e9;
/** As `documentBytes` counts. */
const SIZE = `strlen("text") + CASE WHEN title = '' THEN 0 ELSE strlen(title) + 2 END`;

/**
 * The documents of a finished corpus that an opt-out names, and those with the same text: a duplicate that was refused
 * names the one that stayed in its place. The next build may take out more: only the steps' files tell which documents
 * of two clusters are alike.
 */
export async function matchesIn(corpusDir: string, optOut: OptOut): Promise<OptOutMatches> {
  const spill = await mkdtemp(join(tmpdir(), 'lucie-opt-out-'));
  const connection = await openConnection({ memoryBytes: MEMORY, spill });
  const { database } = connection;
  try {
    await database.run('CREATE TABLE matched (id VARCHAR, optOut VARCHAR)');
    const appender = await database.createAppender('matched');
    const match = optOutMatcher([optOut]);
    let rejected = 0;
    for (const name of ['documents.parquet', 'heldout.parquet', 'rejected.parquet']) {
      if (!existsSync(join(corpusDir, name))) continue;
      for await (const rows of traces(join(corpusDir, name))) {
        for (const row of rows) {
          if (!match(row)) continue;
          if (name === 'rejected.parquet') rejected++;
          appender.appendVarchar(row.id);
          appender.appendVarchar('');
          appender.endRow();
        }
      }
    }
    appender.closeSync();
    await database.run(
      `CREATE TABLE fallen AS ${fallenQuery('matched', await clustersOf(database, corpusDir))}`,
    );
    const amounts = async (name: string) => {
      const files = existsSync(join(corpusDir, name)) ? await partsOf(join(corpusDir, name)) : [];
      if (files.length === 0) return [];
      const result = await database.runAndReadAll(
        `SELECT source, count(*)::DOUBLE, sum(${SIZE})::DOUBLE FROM read_parquet([${files.map(quoted).join(', ')}])
         SEMI JOIN fallen USING (id) GROUP BY source`,
      );
      return result.getRows() as [string, number, number][];
    };
    const training = await amounts('documents.parquet');
    const heldOut = await amounts('heldout.parquet');
    return {
      training: sum(training),
      heldOut: sum(heldOut),
      sources: [...new Set([...training, ...heldOut].map(([source]) => source))].sort().map((source) => ({
        source,
        ...sum([...training, ...heldOut].filter(([other]) => other === source)),
      })),
      rejected,
    };
  } finally {
    connection.close();
    await rm(spill, { recursive: true, force: true });
  }
}

/**
 * Groups of the first pass over duplicates, as the next build looks at them: documents alike only without their repeated
 * lines do not fall with each other. A corpus of an earlier version of this program has none, or no second pass.
 */
async function clustersOf(database: DuckDBConnection, corpusDir: string): Promise<string> {
  const path = join(corpusDir, layout.finalSurvivors.clusters);
  if (!existsSync(path)) return `(SELECT '' AS cluster, '' AS id WHERE false)`;
  const clusters = `read_parquet([${(await partsOf(path)).map(quoted).join(', ')}])`;
  const columns = await database.runAndReadAll(`DESCRIBE SELECT * FROM ${clusters}`);
  if (!columns.getRows().some(([name]) => name === 'pass')) return clusters;
  return `(SELECT survivor AS cluster, id FROM ${clusters} WHERE pass = 1)`;
}

function sum(rows: [string, number, number][]): Amount {
  const amount = emptyAmount();
  for (const [, documents, bytes] of rows) {
    amount.documents += documents;
    amount.bytes += bytes;
  }
  return amount;
}
