import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, VARCHAR } from '@duckdb/node-api';
import { LucieError, listFiles, syncDirectory } from '@lucie/ledger';
import { type Document, documentColumns, type RejectedDocument } from './document.ts';

/** Rows that cross into DuckDB at a time: its vector size, or fewer where their texts are long. */
const BATCH = 2048;
const BATCH_CHARACTERS = 1_000_000;
/** Small enough that a reader holds only some megabytes at a time. */
const ROW_GROUP = 8192;
/**
 * Characters after which a new part begins: DuckDB holds a part several times over while it is written or read. 370 MB of
 * long texts, half of them refused: the step `read` takes 0.48 GB, 0.37 of them the program; with parts of 100 million
 * characters it took 1.3. The memory that a run has must not change it: parts are bytes of the corpus.
 */
const PART_CHARACTERS = 16_000_000;

const rejectedColumns = [...documentColumns, 'reason', 'value'] as const;

/**
 * Writes documents in the given order as zstd Parquet; the same documents give the same bytes. What is too big for
 * one part becomes a folder of that name with `00000.parquet`, `00001.parquet`, …
 */
export function writeDocuments(
  path: string,
  documents: Iterable<Document> | AsyncIterable<Document>,
  opts: { partCharacters?: number } = {},
): Promise<number> {
  return writeRows(path, { columns: documentColumns, rows: documents, ...opts });
}

/** Like `writeDocuments`, with the columns `reason` and `value` beside. */
export function writeRejected(
  path: string,
  documents: Iterable<RejectedDocument> | AsyncIterable<RejectedDocument>,
  opts: { partCharacters?: number } = {},
): Promise<number> {
  return writeRows(path, { columns: rejectedColumns, rows: documents, ...opts });
}

/**
 * Streams the documents of a Parquet file, or of a folder of them by name, in the order in which they were written.
 * @throws LucieError `DOCUMENTS_MISSING`, `DOCUMENTS_DAMAGED`
 */
export function readDocuments(path: string): AsyncGenerator<Document> {
  return readRows<Document>(path, documentColumns);
}

/** Streams what `writeRejected` wrote. */
export function readRejected(path: string): AsyncGenerator<RejectedDocument> {
  return readRows<RejectedDocument>(path, rejectedColumns);
}

/** The Parquet files of a path that is one, or a folder of them, in order. */
export async function partsOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await listFiles(path)).filter((name) => name.endsWith('.parquet'));
  return names.map((name) => join(path, name));
}

/** A table of rows with the same columns, all of them text, aside until it is whole. */
export class ParquetWriter<Row extends object> {
  readonly #path: string;
  readonly #aside: string;
  readonly #columns: readonly (string & keyof Row)[];
  readonly #partLimit: number;
  #connection: Connection | undefined;
  #batch: Row[] = [];
  #batchCharacters = 0;
  #partCharacters = 0;
  #parts: string[] = [];
  #count = 0;

  constructor(
    path: string,
    table: { columns: readonly (string & keyof Row)[]; partCharacters?: number | undefined },
  ) {
    this.#path = path;
    this.#aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
    this.#columns = table.columns;
    this.#partLimit = table.partCharacters ?? PART_CHARACTERS;
  }

  async add(row: Row): Promise<void> {
    this.#batch.push(row);
    for (const name of this.#columns) this.#batchCharacters += String(row[name]).length;
    const full = this.#partCharacters + this.#batchCharacters >= this.#partLimit;
    if (full || this.#batch.length === BATCH || this.#batchCharacters >= BATCH_CHARACTERS)
      await this.#flush();
    if (full) await this.#endPart();
  }

  /** Gives the table its name. @returns its rows */
  async finish(): Promise<number> {
    await this.#flush();
    if (this.#connection || this.#parts.length === 0) await this.#endPart();
    if (this.#parts.length === 1) {
      await rename(this.#parts[0]!, this.#path);
    } else {
      const folder = `${this.#aside}.d`;
      await mkdir(folder);
      for (const [i, part] of this.#parts.entries())
        await rename(part, join(folder, `${String(i).padStart(5, '0')}.parquet`));
      await syncDirectory(folder);
      await rename(folder, this.#path);
    }
    await syncDirectory(dirname(this.#path));
    return this.#count;
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    this.#connection?.close();
    this.#connection = undefined;
    for (const part of [...this.#parts, this.#partPath(), `${this.#aside}.d`])
      await rm(part, { force: true, recursive: true });
  }

  async #open(): Promise<Connection> {
    if (this.#connection) return this.#connection;
    await mkdir(dirname(this.#path), { recursive: true });
    this.#connection = await openConnection();
    const columns = this.#columns.map((name) => `"${name}" VARCHAR`).join(', ');
    await this.#connection.database.run(`CREATE TABLE rows (${columns})`);
    return this.#connection;
  }

  async #flush(): Promise<void> {
    if (this.#batch.length === 0) return;
    const { database } = await this.#open();
    const appender = await database.createAppender('rows');
    const types = this.#columns.map(() => VARCHAR);
    const chunk = DuckDBDataChunk.create(types, this.#batch.length);
    chunk.setColumns(this.#columns.map((name) => this.#batch.map((row) => String(row[name]).toWellFormed())));
    appender.appendDataChunk(chunk);
    appender.closeSync();
    letGo(chunk);
    this.#count += this.#batch.length;
    this.#partCharacters += this.#batchCharacters;
    this.#batch = [];
    this.#batchCharacters = 0;
  }

  async #endPart(): Promise<void> {
    const connection = await this.#open();
    const path = this.#partPath();
    this.#parts.push(path);
    await connection.database.run(
      `COPY rows TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP})`,
    );
    connection.close();
    this.#connection = undefined;
    this.#partCharacters = 0;
    const file = await open(path, 'r');
    await file.sync();
    await file.close();
  }

  #partPath(): string {
    return `${this.#aside}.${this.#parts.length}`;
  }
}

async function writeRows<Row extends object>(
  path: string,
  table: {
    columns: readonly (string & keyof Row)[];
    rows: Iterable<Row> | AsyncIterable<Row>;
    partCharacters?: number;
  },
): Promise<number> {
  const writer = new ParquetWriter<Row>(path, table);
  try {
    for await (const row of table.rows) await writer.add(row);
    return await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
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
  for (const part of await partsOf(path)) yield* readPart<Row>(part, columns);
}

/** One part at a time, each with a database of its own: DuckDB gives memory back when it is closed. */
async function* readPart<Row extends object>(
  path: string,
  columns: readonly (string & keyof Row)[],
): AsyncGenerator<Row> {
  const connection = await openConnection();
  try {
    const names = columns.map((name) => `"${name}"`).join(', ');
    const result = await connection.database.stream(`SELECT ${names} FROM read_parquet(${quoted(path)})`);
    for await (const chunk of result) {
      const { rowCount } = chunk;
      const values = chunk.getColumns();
      letGo(chunk);
      for (let row = 0; row < rowCount; row++) {
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
    connection.close();
  }
}

/** Frees the texts of a chunk; else they stay until the garbage collector comes by, which does not see how much they are. */
function letGo(chunk: DuckDBDataChunk): void {
  chunk.reset();
}

interface Connection {
  database: DuckDBConnection;
  close(): void;
}

/**
 * A database in memory with one thread and kept order: with more, rows and so bytes could change place.
 * `memoryBytes` and `spill`: what it may hold, and the folder where the rest goes.
 */
export async function openConnection(
  opts: { memoryBytes?: number; spill?: string } = {},
): Promise<Connection> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    preserve_insertion_order: 'true',
    temp_directory: opts.spill ?? '',
    autoinstall_known_extensions: 'false',
    ...(opts.memoryBytes === undefined ? {} : { memory_limit: `${Math.ceil(opts.memoryBytes / 1e6)}MB` }),
  });
  const database = await instance.connect();
  return {
    database,
    close() {
      database.closeSync();
      instance.closeSync();
    },
  };
}

/** SQL that selects the rows of a path (`partsOf`) with their position, `row`, counted over all parts. */
export async function numberedRows(database: DuckDBConnection, path: string): Promise<string> {
  const selects: string[] = [];
  let before = 0;
  for (const part of await partsOf(path)) {
    const file = `read_parquet(${quoted(part)}, file_row_number = true)`;
    selects.push(`SELECT * EXCLUDE (file_row_number), file_row_number + ${before} AS row FROM ${file}`);
    const [[count]] = (await database
      .runAndReadAll(`SELECT count(*)::DOUBLE FROM read_parquet(${quoted(part)})`)
      .then((result) => result.getRows())) as [[number]];
    before += count;
  }
  return `(${selects.join(' UNION ALL ')})`;
}

/** A string as SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
