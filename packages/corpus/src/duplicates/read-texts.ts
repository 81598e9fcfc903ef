import { DuckDBInstance } from '@duckdb/node-api';
import { LucieError } from '@lucie/ledger';
import { partsOf } from '../parquet.ts';
import { quoted } from './database.ts';

/** Read as whole columns; the text is not. */
const columns = ['id', 'licence', 'language', 'date'] as const;

/** The fields of some documents that duplicates depend on. */
export interface Texts extends Record<(typeof columns)[number], readonly string[]> {
  /** The text of a document of the batch. */
  text(row: number): string;
}

/**
 * Streams what duplicates depend on from what `writeDocuments` wrote, some thousand documents at a time: by columns,
 * since objects of all nine fields would cost as much as the comparison itself. A text becomes a string when it is
 * asked for and can be forgotten at once; all of a batch at a time would outlive the young generation.
 * @throws LucieError `DOCUMENTS_DAMAGED`
 */
export async function* readTexts(path: string): AsyncGenerator<Texts> {
  const files = (await partsOf(path)).map(quoted);
  if (files.length === 0) return;
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    preserve_insertion_order: 'true',
    temp_directory: '',
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    const names = ['text', ...columns].map((name) => `coalesce("${name}", '') AS "${name}"`).join(', ');
    const result = await connection.stream(`SELECT ${names} FROM read_parquet([${files.join(', ')}])`);
    for await (const chunk of result) {
      const texts = chunk.getColumnVector(0);
      yield {
        ...(Object.fromEntries(
          columns.map((name, i) => [name, chunk.getColumnValues(i + 1)]),
        ) as unknown as Omit<Texts, 'text'>),
        // A vector keeps the strings that it has made; a slice of it goes away with its one.
        text: (row) => texts.slice(row, 1).getItem(0) as string,
      };
    }
  } catch (cause) {
    throw new LucieError({
      code: 'DOCUMENTS_DAMAGED',
      found: `${path}, which cannot be read: ${(cause as Error).message.split('\n')[0]}`,
      expected: `Parquet with the columns text, ${columns.join(', ')}`,
      todo: 'remove the folder it lies in and call again',
      cause,
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
