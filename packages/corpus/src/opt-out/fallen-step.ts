import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, UINTEGER } from '@duckdb/node-api';
import { firstPass } from '../duplicates/pass.ts';
import { seniorityFiles } from '../duplicates/seniority.ts';
import { signatureFiles } from '../duplicates/signature-files.ts';
import { layout } from '../layout.ts';
import { openConnection, partsOf, quoted } from '../parquet.ts';
import type { Step, UnitContext } from '../steps/step.ts';
import { fallenQuery } from './fallen.ts';
import { optOutLayout } from './opt-out-step.ts';
import { sameTexts } from './same-texts.ts';

const { matches, fallen } = optOutLayout;
const { survivors } = layout;
const { signatures, seniority, pairs } = firstPass;

/**
 * The step `opt-out-fallen`: what opt-outs take out of the whole corpus. The same text elsewhere falls too, wherever
 * in the corpus that is, so one unit looks at the matches of all: copies word for word, also of a text that was
 * refused where it was named, all documents that the step `pairs` has found alike, and those of one cluster.
 */
export function fallenStep(): Step {
  return {
    name: fallen.step,
    version: 1,
    options: {},
    single: true,
    units: () => [
      {
        name: fallen.unit,
        reads: [
          ...[matches.step, signatures, `${seniority}/${seniorityFiles.unit}`, pairs],
          `${survivors.step}/${survivors.unit}`,
        ],
      },
    ],
    run: (_, context) => writeFallen(context),
  };
}

async function writeFallen(context: UnitContext): Promise<void> {
  const { out, memoryBytes } = context;
  const spill = join(out, 'spill.tmp');
  const connection = await openConnection({ memoryBytes, spill });
  const { database } = connection;
  try {
    await database.run(`CREATE TABLE matched AS
      SELECT id, min(optOut) AS optOut FROM ${await tableOf(context, matches.matches)} GROUP BY id`);
    await database.run(`CREATE TABLE refused AS
      SELECT hash, min(id) AS twin FROM ${await tableOf(context, matches.refused)} WHERE hash <> '' GROUP BY hash`);
    await database.run('CREATE TABLE fallen (id VARCHAR, why VARCHAR)');
    await database.run('CREATE TABLE texts (hash VARCHAR, twin VARCHAR)');
    if ((await countOf(database, 'matched')) + (await countOf(database, 'refused')) > 0)
      await findFallen(database, context);
    await copyTo(join(out, fallen.fallen), 'SELECT id, why FROM fallen ORDER BY id', database);
    await copyTo(join(out, fallen.texts), 'SELECT hash, twin FROM texts ORDER BY hash', database);
  } finally {
    connection.close();
    await rm(spill, { recursive: true, force: true });
  }
}

/** Fills `fallen` and `texts`. */
async function findFallen(database: DuckDBConnection, context: UnitContext): Promise<void> {
  const signed = context
    .units(signatures)
    .map((unit) => quoted(join(context.dir(signatures, unit), signatureFiles.documents)));
  await database.run(`CREATE VIEW signed AS SELECT id, hash
    FROM read_ndjson([${signed.join(', ')}], columns = {id: 'VARCHAR', hash: 'VARCHAR'})`);
  await database.run(`INSERT INTO matched
    SELECT id, 'same text as ' || min(twin) FROM signed JOIN refused USING (hash)
    WHERE id NOT IN (SELECT id FROM matched) GROUP BY id`);
  const clusters = await partsOf(join(context.dir(survivors.step, survivors.unit), survivors.clusters));
  await database.run(`INSERT INTO fallen ${fallenQuery('matched', table(clusters))}`);
  await loadAlike(database, context);
  await database.run(`INSERT INTO fallen
    SELECT id, 'same text as ' || min(twin) FROM alike
    WHERE id NOT IN (SELECT id FROM fallen) GROUP BY id`);
  await database.run(`INSERT INTO texts SELECT hash, min(twin) FROM (
      SELECT hash, id AS twin FROM signed SEMI JOIN fallen USING (id) UNION ALL SELECT hash, twin FROM refused
    ) GROUP BY hash`);
}

/** The view `alike`: `id` of the documents with the text of a matched one, and the id of that. */
async function loadAlike(database: DuckDBConnection, context: UnitContext): Promise<void> {
  const ranked = join(context.dir(seniority, seniorityFiles.unit), seniorityFiles.documents);
  await database.run(`CREATE VIEW ranked AS SELECT rank, id FROM read_parquet(${quoted(ranked)})`);
  const rows = await database.runAndReadAll(
    'SELECT rank::DOUBLE FROM ranked SEMI JOIN matched USING (id) ORDER BY rank',
  );
  await database.run('CREATE TABLE pair (rank UINTEGER, twin UINTEGER)');
  const appender = await database.createAppender('pair');
  const named = rows.getRows().map(([rank]) => Number(rank));
  for (const pair of sameTexts(named, context)) {
    for (const rank of pair) appender.appendValue(rank, UINTEGER);
    appender.endRow();
  }
  appender.closeSync();
  await database.run(`CREATE VIEW alike AS SELECT one.id AS id, other.id AS twin FROM pair
    JOIN ranked one ON one.rank = pair.rank JOIN ranked other ON other.rank = pair.twin`);
}

async function countOf(database: DuckDBConnection, name: string): Promise<number> {
  const result = await database.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${name}`);
  return Number(result.getRows()[0]![0]);
}

async function copyTo(path: string, query: string, database: DuckDBConnection): Promise<void> {
  await database.run(`COPY (${query}) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`);
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
}

/** One of the tables of the step `opt-out`, of all units. */
async function tableOf(context: UnitContext, name: string): Promise<string> {
  const files: string[] = [];
  for (const unit of context.units(matches.step))
    files.push(...(await partsOf(join(context.dir(matches.step, unit), name))));
  return table(files);
}

function table(files: readonly string[]): string {
  return `read_parquet([${files.map(quoted).join(', ')}])`;
}
