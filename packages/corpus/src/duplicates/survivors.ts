import { join } from 'node:path';
import {
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  UINTEGER,
} from '@duckdb/node-api';
import { type Duplicate, layout } from '../layout.ts';
import { partsOf } from '../parquet.ts';
import type { Step, UnitContext } from '../steps/step.ts';
import { BinaryReader, BinaryWriter } from './binary-file.ts';
import { type UnitIndex, unitIndexes } from './corpus-index.ts';
import { quoted, withDatabase } from './database.ts';
import { pairsFile } from './pairs.ts';
import type { Pass } from './pass.ts';
import { resolve } from './resolve.ts';
import { seniorityFiles } from './seniority.ts';

/** Rows that cross into DuckDB at a time: its vector size. */
const CHUNK = 2048;

/**
 * One unit: who stays. Writes `<unit>.jsonl`, lines of `Duplicate` by row, for every unit whose documents were compared,
 * and `clusters.parquet`: a row per document that falls, by survivor and seniority, with its cluster (the survivor's id),
 * its id, the survivor's again, the rule, and its similarity with the survivor or with the document that binds it.
 *
 * The clusters of the final pass are those of the first one, then its own; `pass` (1 or 2) says which. Where a survivor
 * of the first pass falls in the final one, its cluster is that of the document that stays; `survivor` is what it was.
 */
export function survivorsStep(pass: Pass): Step {
  const { step, unit } = pass.survivors;
  const first = pass.final ? [`${layout.survivors.step}/${layout.survivors.unit}`] : [];
  return {
    name: step,
    version: 1,
    options: {},
    single: true,
    units: () => [
      {
        name: unit,
        reads: [...first, pass.signatures, `${pass.seniority}/${seniorityFiles.unit}`, pass.pairs],
      },
    ],
    run: (_unit, context) => decide(pass, context),
  };
}

async function decide(pass: Pass, context: UnitContext): Promise<void> {
  const { memoryBytes, out, progress } = context;
  const units = unitIndexes(context, pass.signatures);
  const documents = units.reduce((sum, unit) => sum + unit.documents, 0);
  context.signal.throwIfAborted();
  progress.start('survivors', documents, 'documents');
  const database = { memoryBytes: memoryBytes / 2, spill: join(out, 'spill') };
  const count = await withDatabase(database, async (connection) => {
    const pairs = context.units(pass.pairs).map((name) => join(context.dir(pass.pairs, name), pairsFile));
    await loadNear(connection, { pairs, documents }, context);
    const senior = context.dir(pass.seniority, seniorityFiles.unit);
    await loadExact(connection, join(senior, seniorityFiles.exact), context);
    await connection.run(
      `CREATE VIEW document AS SELECT * FROM read_parquet(${quoted(join(senior, seniorityFiles.documents))})`,
    );
    // A document that repeats one which falls has that one's survivor.
    await connection.run(
      `CREATE VIEW fall AS
       SELECT junior, survivor, 'near-duplicate' AS rule, similarity FROM near
       UNION ALL
       SELECT e.junior, coalesce(n.survivor, e.survivor), 'exact-duplicate', 1
       FROM exact e LEFT JOIN near n ON n.junior = e.survivor`,
    );
    const found = await writeLines(connection, units, context);
    await writeClusters(connection, {
      path: join(out, pass.survivors.clusters),
      before: pass.final
        ? await partsOf(
            join(context.dir(layout.survivors.step, layout.survivors.unit), layout.survivors.clusters),
          )
        : [],
    });
    return found;
  });
  progress.end(`${count} of ${documents} documents repeat another`);
}

async function loadNear(
  connection: DuckDBConnection,
  opts: { pairs: readonly string[]; documents: number },
  context: UnitContext,
): Promise<void> {
  await connection.run('CREATE TABLE near (junior UINTEGER, survivor UINTEGER, similarity DOUBLE)');
  const files = opts.pairs.map((path) => new BinaryReader(path));
  try {
    const falls = function* () {
      let count = 0;
      for (const { junior, survivor, similarity } of resolve(
        files,
        opts.documents,
        context.memoryBytes / 4,
      )) {
        if (++count % CHUNK === 0) {
          context.signal.throwIfAborted();
          context.progress.update(junior, `${count} fall`);
        }
        yield [junior, survivor, similarity];
      }
    };
    await append(connection, { table: 'near', types: [UINTEGER, UINTEGER, DOUBLE] }, falls());
  } finally {
    for (const file of files) file.close();
  }
}

async function loadExact(connection: DuckDBConnection, path: string, context: UnitContext): Promise<void> {
  await connection.run('CREATE TABLE exact (junior UINTEGER, survivor UINTEGER)');
  const file = new BinaryReader(path);
  try {
    const integers = file.bytes / 4;
    const pairs = function* () {
      for (let at = 0; at < integers; at += 2 * CHUNK) {
        context.signal.throwIfAborted();
        const batch = file.integers(at, Math.min(2 * CHUNK, integers - at));
        for (let i = 0; i < batch.length; i += 2) yield [batch[i]!, batch[i + 1]!];
      }
    };
    await append(connection, { table: 'exact', types: [UINTEGER, UINTEGER] }, pairs());
  } finally {
    file.close();
  }
}

async function append(
  connection: DuckDBConnection,
  to: { table: string; types: DuckDBType[] },
  rows: Iterable<readonly DuckDBValue[]>,
): Promise<void> {
  const appender = await connection.createAppender(to.table);
  let batch: (readonly DuckDBValue[])[] = [];
  const flush = () => {
    const chunk = DuckDBDataChunk.create(to.types, batch.length);
    chunk.setColumns(to.types.map((_, column) => batch.map((row) => row[column]!)));
    appender.appendDataChunk(chunk);
    batch = [];
  };
  for (const row of rows) {
    batch.push(row);
    if (batch.length === CHUNK) flush();
  }
  if (batch.length > 0) flush();
  appender.closeSync();
}

/** A file of lines per unit, also where none of its documents falls. @returns lines */
async function writeLines(
  connection: DuckDBConnection,
  units: readonly UnitIndex[],
  context: UnitContext,
): Promise<number> {
  const rows = await connection.stream(
    `SELECT d.unit, d."row", d.id, f.rule, s.id, f.similarity FROM fall f
     JOIN document d ON d.rank = f.junior JOIN document s ON s.rank = f.survivor ORDER BY d.unit, d."row"`,
  );
  let count = 0;
  let open = -1;
  let file: BinaryWriter | undefined;
  /** Closes what is open and opens the file of a unit, and empty ones of those that were passed over. */
  const advance = (unit: number) => {
    while (open < unit) {
      file?.close();
      file = undefined;
      open++;
      if (open < units.length) file = new BinaryWriter(join(context.out, `${units[open]!.name}.jsonl`));
    }
  };
  try {
    for await (const chunk of rows) {
      const [unit, row, id, rule, survivor, similarity] = chunk.getColumns() as [
        number[],
        number[],
        string[],
        Duplicate['rule'][],
        string[],
        number[],
      ];
      for (let i = 0; i < row.length; i++) {
        advance(unit[i]!);
        const line: Duplicate = {
          row: row[i]!,
          id: id[i]!,
          rule: rule[i]!,
          survivor: survivor[i]!,
          similarity: similarity[i]!,
        };
        file!.text(`${JSON.stringify(line)}\n`);
        count++;
      }
      context.signal.throwIfAborted();
    }
    advance(units.length);
  } finally {
    file?.abandon();
  }
  return count;
}

/** @param opts - `before`: the clusters of an earlier pass, whose survivors may have fallen in this one */
async function writeClusters(
  connection: DuckDBConnection,
  opts: { path: string; before: readonly string[] },
): Promise<void> {
  const own = `SELECT s.id AS cluster, d.id AS id, s.id AS survivor, f.rule,
      CAST(f.similarity AS DOUBLE) AS similarity, f.survivor AS senior, f.junior
    FROM fall f JOIN document s ON s.rank = f.survivor JOIN document d ON d.rank = f.junior`;
  const columns = 'cluster, id, survivor, rule, similarity';
  // An id may come twice here: which of the two stays is decided later, and no row may be doubled by it.
  const select =
    opts.before.length === 0
      ? `SELECT ${columns} FROM (${own}) ORDER BY senior, junior`
      : `WITH later AS MATERIALIZED (${own}),
         stays AS (SELECT id, arg_min(cluster, junior) AS cluster FROM later GROUP BY id),
         earlier AS (SELECT *, row_number() OVER () AS place FROM read_parquet([${opts.before.map(quoted).join(', ')}]))
         SELECT ${columns}, pass FROM (
           SELECT coalesce(stays.cluster, earlier.cluster) AS cluster, earlier.id, survivor, rule, similarity,
             1 AS pass, 0 AS senior, place AS junior
           FROM earlier LEFT JOIN stays ON stays.id = earlier.cluster
           UNION ALL SELECT ${columns}, 2, senior, junior FROM later
         ) ORDER BY pass, senior, junior`;
  await connection.run(`COPY (${select}) TO ${quoted(opts.path)} (FORMAT parquet, COMPRESSION zstd)`);
}
