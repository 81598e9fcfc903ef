import { DuckDBInstance } from '@duckdb/node-api';
import { LucieError } from '@lucie/ledger';
import { partsOf } from '../parquet.ts';
import { quoted } from './database.ts';

const columns = ['id', 'text', 'licence', 'language', 'date'] as const;

/** The fields of documents that duplicates depend on, a column each. */
export type TextColumns = Record<(typeof columns)[number], readonly string[]>;

/**
 * Streams what duplicates depend on from what `writeDocuments` wrote, some thousand documents at a time: by
 * columns, since objects of all nine fields would cost as much as the comparison itself.
 * @throws LucieError `DOCUMENTS_DAMAGED`
 */
export async function* readTexts(path: string): AsyncGenerator<TextColumns> {
  const files = (await partsOf(path)).map(quoted);
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    preserve_insertion_order: 'true',
    temp_directory: '',
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    const names = columns.map((name) => `coalesce("${name}", '') AS "${name}"`).join(', ');
    const result = await connection.stream(`SELECT ${names} FROM read_parquet([${files.join(', ')}])`);
    for await (const chunk of result) {
      const values = chunk.getColumns() as string[][];
      yield Object.fromEntries(columns.map((name, i) => [name, values[i]])) as unknown as TextColumns;
    }
  } catch (cause) {
    throw new LucieError({
      code: 'DOCUMENTS_DAMAGED',
      found: `${path}, which cannot be read: ${(cause as Error).message.split('\n')[0]}`,
      expected: `Parquet with the columns ${columns.join(', ')}`,
      todo: 'remove the folder it lies in and call again',
      cause,
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
