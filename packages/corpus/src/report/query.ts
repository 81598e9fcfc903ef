import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { openConnection, partsOf, quoted } from '../parquet.ts';

export type Row = Record<string, string | number | null | Row[] | undefined>;

/** Asks DuckDB about Parquet files within a bounded memory; what does not fit goes to `spill`. */
export class Queries {
  readonly #opts: { memoryBytes: number; spill: string };

  constructor(opts: { memoryBytes: number; spill: string }) {
    this.#opts = opts;
  }

  /** Rows of a SELECT; numbers of SQL have to be DOUBLE or INTEGER, lists of structs become lists of rows. */
  async all<T extends object = Row>(sql: string): Promise<T[]> {
    await mkdir(this.#opts.spill, { recursive: true });
    const connection = await openConnection(this.#opts);
    try {
      return (await connection.database.runAndReadAll(sql)).getRowObjectsJson() as T[];
    } finally {
      connection.close();
    }
  }

  /** Leaves no spilled file behind. */
  close(): Promise<void> {
    return rm(this.#opts.spill, { recursive: true, force: true });
  }
}

/** The rows of all paths as SQL, or undefined where none of them exists. */
export async function tableOf(paths: readonly string[]): Promise<string | undefined> {
  const parts = (await Promise.all(paths.filter((path) => existsSync(path)).map(partsOf))).flat();
  return parts.length === 0 ? undefined : `read_parquet([${parts.map(quoted).join(', ')}])`;
}

/** `documentBytes` as SQL. */
export const BYTES = `strlen(text) + CASE WHEN title = '' THEN 0 ELSE strlen(title) + 2 END`;
