import { statSync } from 'node:fs';
import {
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValueConverter,
  type Json,
  JsonDuckDBValueConverter,
} from '@duckdb/node-api';
import { LucieError } from '@lucie/ledger';
import type { Document } from '../../document.ts';
import { Damage, reasonOf } from './damage.ts';
import type { FileReading } from './file-reading.ts';
import { makeDocument } from './make-document.ts';
import { mapFields, readRecord } from './read-record.ts';

/**
 * Bytes of rows that one query gives: DuckDB hands out 2,048 rows at a time, and what it has handed out stays until
 * the garbage collector comes by. 20,000 rows of 51 kB in one query: 1.9 GB of memory, and more with every
 * gigabyte; in queries of this size 1.2 GB, however many.
 */
const QUERY_BYTES = 64_000_000;
const MOST_ROWS = 100_000;

/** Types that read as text; lists, structures and moments (whose day depends on where one stands) do not. */
const SCALAR =
  /^(VARCHAR|JSON|UUID|ENUM\(.*\)|BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)|DATE|TIME|TIMESTAMP(_\w+)?)$/;

/** JSON of values, moments in UTC: by itself DuckDB's binding tells them in the zone of the machine. */
const toJson: DuckDBValueConverter<Json> = (value, type, inner) =>
  value instanceof DuckDBTimestampTZValue
    ? `${new DuckDBTimestampValue(value.micros)}+00`
    : JsonDuckDBValueConverter(value, type, inner);

/**
 * One document a row, in the order of the file.
 * @throws LucieError `COLUMN_MISSING` where no column holds the text, `COLUMN_NOT_TEXT` where what it holds is none
 */
export async function* readParquet(file: FileReading): AsyncGenerator<Document> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    preserve_insertion_order: 'true',
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    memory_limit: '1GB',
  });
  const connection = await instance.connect();
  try {
    yield* readRows(connection, file);
  } catch (error) {
    file.signal.throwIfAborted();
    if (error instanceof LucieError) throw error;
    // Where the file lies must not show in what is kept of it.
    throw new Damage(`cannot be read as Parquet: ${reasonOf(error).replaceAll(file.path, 'it')}`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function* readRows(connection: DuckDBConnection, file: FileReading): AsyncGenerator<Document> {
  // DuckDB takes the name of a file that is there for no pattern, and must not take folders named `key=value` for columns.
  const name = `'${file.path.replaceAll("'", "''")}'`;
  const table = `read_parquet(${name}, binary_as_string = true, hive_partitioning = false)`;
  const described = await valuesOf(connection, `DESCRIBE SELECT * FROM ${table}`);
  const types = new Map(described.map(([column, type]) => [String(column), String(type)]));
  const columns = [...types.keys()];
  const mapping = mapFields(columns, file.source.fields);
  const { text } = mapping;
  if (text === undefined) throw columnMissing(file, columns);
  if (!SCALAR.test(types.get(text)!)) throw columnNotText(file, { column: text, type: types.get(text)! });
  const value = `CAST(${quoted(text)} AS VARCHAR)`;
  // A text beyond the limit stays in the file.
  const held = `CASE WHEN strlen(${value}) <= ${file.limits.recordBytes} THEN ${value} END`;
  const rows = `SELECT * REPLACE (${held} AS ${quoted(text)}) FROM ${table}`;
  // DuckDB numbers the rows, and skips what it need not read, unless the file has a column of that name.
  const ownNumbers = columns.some((column) => column.toLowerCase() === 'file_row_number');
  const window = (from: number, to: number) =>
    ownNumbers
      ? `LIMIT ${to - from} OFFSET ${from}`
      : `WHERE file_row_number >= ${from} AND file_row_number < ${to}`;
  const { total, step } = await rowsAtOnce(connection, name);
  const { size } = statSync(file.path);
  let number = 0;
  for (let from = 0, read = true; read; from += step) {
    read = false;
    const result = await connection.stream(`${rows} ${window(from, from + step)}`);
    for await (const chunk of result) {
      read = true;
      const { rowCount } = chunk;
      const values = chunk.convertColumns(toJson);
      // Its texts would else stay until the garbage collector comes by.
      chunk.reset();
      for (let row = 0; row < rowCount; row++) {
        file.signal.throwIfAborted();
        const record = Object.fromEntries(columns.map((column, at) => [column, values[at]![row] ?? null]));
        const key = `${file.key}/${++number}`;
        if (typeof record[text] === 'string')
          yield makeDocument(readRecord(record, { key, mapping }), file.source);
        else
          await file.complain({
            key,
            why: `no text in ${text}, or one of more than ${file.limits.recordBytes} bytes`,
          });
      }
      file.onBytes(Math.round(size * Math.min(1, number / total)));
    }
  }
}

/** Rows of the file, and how many of them make a query; what the file says of itself need not be true. */
async function rowsAtOnce(
  connection: DuckDBConnection,
  name: string,
): Promise<{ total: number; step: number }> {
  const [[rows] = []] = await valuesOf(connection, `SELECT num_rows FROM parquet_file_metadata(${name})`);
  const [[bytes] = []] = await valuesOf(
    connection,
    `SELECT sum(total_uncompressed_size) FROM parquet_metadata(${name})`,
  );
  const total = Math.max(1, Number(rows ?? 1));
  const average = Math.max(1, Number(bytes ?? 1)) / total;
  return { total, step: Math.min(MOST_ROWS, Math.max(1, Math.floor(QUERY_BYTES / average))) };
}

async function valuesOf(connection: DuckDBConnection, query: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(query)).getRows();
}

function columnMissing(file: FileReading, columns: readonly string[]): LucieError {
  const { fields } = file.source;
  return new LucieError({
    code: 'COLUMN_MISSING',
    found: `${file.path} with the columns ${columns.slice(0, 50).join(', ')}`,
    expected: fields?.text
      ? `the column ${fields.text} for the text`
      : 'a column of text named text or content',
    todo: `set fields.text of the source ${file.source.source} in the recipe to one of them`,
    exitCode: 2,
  });
}

function columnNotText(file: FileReading, { column, type }: { column: string; type: string }): LucieError {
  return new LucieError({
    code: 'COLUMN_NOT_TEXT',
    found: `${file.path}, whose column ${column} is of the type ${type.slice(0, 200)}`,
    expected: 'a column of text, numbers or dates',
    todo: `set fields.text of the source ${file.source.source} in the recipe to a column of text`,
    exitCode: 2,
  });
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
