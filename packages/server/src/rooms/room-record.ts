import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** What a server knows of a room beyond its documents. */
export interface RoomFacts {
  id: string;
  /** For people; data, never a path. */
  name: string;
  /** Seconds since 1970. */
  created: number;
  /** The key that made it; null: it was made without one. */
  owner: string | null;
  /** Why its file cannot be read, as an error's code; the rest is then what the folder tells. */
  problem?: string;
}

/** So much is written or read at once, so that nobody else waits for a long file. */
const PART_BYTES = 1 << 20;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS server_room (
    one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL, created INTEGER NOT NULL, owner TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS server_files (
    sha256 TEXT NOT NULL, part INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (sha256, part)
  ) STRICT;`;

/**
 * The server's own two tables in a room's SQLite file: who made it, and the files themselves, which the page shows. In
 * the same file, so that a copy of it is the whole room. Open it after the room, which knows whether the file is one.
 */
export class RoomRecord implements Disposable {
  #db: DatabaseSync;

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: 5000 });
    // What is removed is overwritten. The room's own commit, which follows a file's, is the one that is synced.
    this.#db.exec('PRAGMA secure_delete = ON; PRAGMA synchronous = NORMAL;');
    this.#db.exec(SCHEMA);
  }

  /** Undefined in a file that no server made. */
  facts(id: string): RoomFacts | undefined {
    const row = this.#db.prepare('SELECT name, created, owner FROM server_room').get();
    if (!row) return undefined;
    return {
      id,
      name: String(row.name),
      created: Number(row.created),
      owner: row.owner === null ? null : String(row.owner),
    };
  }

  setFacts({ name, created, owner }: RoomFacts): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO server_room (one, name, created, owner) VALUES (1, ?, ?, ?)')
      .run(name, created, owner);
  }

  /** Keeps a file under its hash. Call it before its document is added: of what has none, `keepOnly` frees the room. */
  async keep(sha256: string, bytes: Uint8Array): Promise<void> {
    const insert = this.#db.prepare(
      'INSERT OR REPLACE INTO server_files (sha256, part, content) VALUES (?, ?, ?)',
    );
    for (let part = 0; part * PART_BYTES < bytes.length; part++) {
      insert.run(sha256, part, bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES));
      await nextTurn();
    }
  }

  keeps(sha256: string): boolean {
    return this.#db.prepare('SELECT 1 FROM server_files WHERE sha256 = ? LIMIT 1').get(sha256) !== undefined;
  }

  /** The file in parts; nothing for one that is not kept. */
  async *read(sha256: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const select = this.#db.prepare('SELECT content FROM server_files WHERE sha256 = ? AND part = ?');
    for (let part = 0; ; part++) {
      const row = select.get(sha256, part);
      if (!row) return;
      yield row.content as Uint8Array<ArrayBuffer>;
      await nextTurn();
    }
  }

  drop(sha256: string): void {
    this.#delete('sha256 = ?', sha256);
  }

  /** Drops every file but these. */
  keepOnly(hashes: readonly string[]): void {
    this.#delete('sha256 NOT IN (SELECT value FROM json_each(?))', JSON.stringify(hashes));
  }

  #delete(where: string, value: string): void {
    const { changes } = this.#db.prepare(`DELETE FROM server_files WHERE ${where}`).run(value);
    // The journal holds pages as they were.
    if (changes > 0) this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}
