import { rmSync } from 'node:fs';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { explainSystemError } from '@lucie/ledger';

/** DuckDB refuses to work in less. */
const LEAST_MEMORY = 64 * 2 ** 20;

/**
 * A DuckDB of one thread, so that rows keep their order, in memory up to `memoryBytes` and below `spill` beyond; that
 * folder is gone afterwards.
 */
export async function withDatabase<T>(
  opts: { memoryBytes: number; spill: string },
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    temp_directory: opts.spill,
    memory_limit: `${Math.floor(Math.max(LEAST_MEMORY, opts.memoryBytes) / 1024)}KiB`,
  });
  try {
    const connection = await instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } catch (error) {
    throw explainSystemError(error);
  } finally {
    instance.closeSync();
    rmSync(opts.spill, { recursive: true, force: true });
  }
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
