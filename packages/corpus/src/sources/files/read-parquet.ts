import { DuckDBInstance, JsonDuckDBValueConverter } from '@duckdb/node-api';
import { LucieError } from '@lucie/ledger';
import type { Document } from '../../document.ts';
import { Damage, reasonOf } from './damage.ts';
import type { FileReading } from './file-reading.ts';
import { makeDocument } from './make-document.ts';
import { mapFields, readRecord } from './read-record.ts';

/**
 * One document a row, in the order of the file.
 * @throws LucieError `COLUMN_MISSING` where no column holds the text
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
  // A file's name is no pattern, and folders named `key=value` are no columns.
  const path = file.path.replace(/[*?[]/g, '[$&]').replaceAll("'", "''");
  const table = `read_parquet('${path}', binary_as_string = true, hive_partitioning = false)`;
  try {
    const columns = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`))
      .getRows()
      .map(([name]) => String(name));
    const mapping = mapFields(columns, file.source.fields);
    const { text } = mapping;
    if (text === undefined) throw columnMissing(file, columns);
    // A text beyond the limit stays in the file.
    const held = `CASE WHEN strlen(${quoted(text)}) <= ${file.limits.recordBytes} THEN ${quoted(text)} END`;
    const result = await connection.stream(`SELECT * REPLACE (${held} AS ${quoted(text)}) FROM ${table}`);
    let number = 1;
    for await (const chunk of result) {
      const values = chunk.convertColumns(JsonDuckDBValueConverter);
      for (let row = 0; row < chunk.rowCount; row++) {
        file.signal.throwIfAborted();
        const record = Object.fromEntries(
          columns.map((name, column) => [name, values[column]![row] ?? null]),
        );
        const key = `${file.key}/${number++}`;
        if (typeof record[text] === 'string')
          yield makeDocument(readRecord(record, { key, mapping }), file.source);
        else
          file.complain({
            key,
            why: `no text in ${text}, or one of more than ${file.limits.recordBytes} bytes`,
          });
      }
    }
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

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
