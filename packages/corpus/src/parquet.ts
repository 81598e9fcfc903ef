import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DuckDBDataChunk, DuckDBInstance, VARCHAR } from '@duckdb/node-api';
import { LucieError, syncDirectory } from '@lucie/ledger';
import { type Document, documentColumns, type RejectedDocument } from './document.ts';

/** Rows that cross into DuckDB at a time: its vector size. */
const BATCH = 2048;
/** Small enough that a reader holds only some megabytes at a time. */
const ROW_GROUP = 8192;

const rejectedColumns = [...documentColumns, 'reason', 'value'] as const;

/** Writes documents in the given order as zstd Parquet; the same documents give the same bytes. */
export function writeDocuments(
  path: string,
  documents: Iterable<Document> | AsyncIterable<Document>,
): Promise<number> {
  return writeRows(path, { columns: documentColumns, rows: documents });
}

/** Like `writeDocuments`, with the columns `reason` and `value` beside. */
export function writeRejected(
  path: string,
  documents: Iterable<RejectedDocument> | AsyncIterable<RejectedDocument>,
): Promise<number> {
  return writeRows(path, { columns: rejectedColumns, rows: documents });
}

/**
 * Streams the documents of a Parquet file in the order in which they were written.
 * @throws LucieError `DOCUMENTS_MISSING`, `DOCUMENTS_DAMAGED`
 */
export function readDocuments(path: string): AsyncGenerator<Document> {
  return readRows<Document>(path, documentColumns);
}

/** Streams what `writeRejected` wrote. */
export function readRejected(path: string): AsyncGenerator<RejectedDocument> {
  return readRows<RejectedDocument>(path, rejectedColumns);
}

async function writeRows<Row extends object>(
  path: string,
  table: { columns: readonly (string & keyof Row)[]; rows: Iterable<Row> | AsyncIterable<Row> },
): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  let count = 0;
  try {
    await withDatabase(async (connection) => {
      await connection.run(
        `CREATE TABLE rows (${table.columns.map((name) => `"${name}" VARCHAR`).join(', ')})`,
      );
      const appender = await connection.createAppender('rows');
      const types = table.columns.map(() => VARCHAR);
      let batch: Row[] = [];
      const flush = () => {
        const chunk = DuckDBDataChunk.create(types, batch.length);
        chunk.setColumns(table.columns.map((name) => batch.map((row) => String(row[name]).toWellFormed())));
        appender.appendDataChunk(chunk);
        count += batch.length;
        batch = [];
      };
      for await (const row of table.rows) {
        batch.push(row);
        if (batch.length === BATCH) flush();
      }
      if (batch.length > 0) flush();
      appender.closeSync();
      await connection.run(
        `COPY rows TO ${quoted(aside)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP})`,
      );
    });
    const file = await open(aside, 'r');
    await file.sync();
    await file.close();
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
  return count;
}

async function* readRows<Row extends object>(
  path: string,
  columns: readonly (string & keyof Row)[],
): AsyncGenerator<Row> {
  if (!existsSync(path)) {
    throw new LucieError({
      code: 'DOCUMENTS_MISSING',
      found: `no ${path}`,
      expected: 'the documents that the corpus stage writes',
      todo: 'make the corpus stage first',
    });
  }
  const instance = await openDatabase();
  const connection = await instance.connect();
  try {
    const names = columns.map((name) => `"${name}"`).join(', ');
    const result = await connection.stream(`SELECT ${names} FROM read_parquet(${quoted(path)})`);
    for await (const chunk of result) {
      const values = chunk.getColumns();
      for (let row = 0; row < chunk.rowCount; row++) {
        yield Object.fromEntries(
          columns.map((name, column) => [name, String(values[column]![row] ?? '')]),
        ) as Row;
      }
    }
  } catch (cause) {
    throw new LucieError({
      code: 'DOCUMENTS_DAMAGED',
      found: `${path}, which cannot be read: ${(cause as Error).message.split('\n')[0]}`,
      expected: `Parquet with the columns ${columns.join(', ')}`,
      todo: 'make the corpus stage again',
      cause,
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** One thread and kept order: with more, rows and so bytes could change place. */
function openDatabase(): Promise<DuckDBInstance> {
  return DuckDBInstance.create(':memory:', {
    threads: '1',
    preserve_insertion_order: 'true',
    temp_directory: '',
    autoinstall_known_extensions: 'false',
  });
}

async function withDatabase(
  work: (connection: Awaited<ReturnType<DuckDBInstance['connect']>>) => Promise<void>,
): Promise<void> {
  const instance = await openDatabase();
  const connection = await instance.connect();
  try {
    await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
