import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LucieError } from '@lucie/ledger';
import { APPLICATION_ID, createSchema, SCHEMA_VERSION } from './schema.ts';

const MAGIC = 'SQLite format 3\0';

function notARoom(path: string, found: string): LucieError {
  return new LucieError({
    code: 'ROOM_NOT_A_ROOM',
    found: `${path}: ${found}`,
    expected: 'the file of a room',
    todo: 'name the file of a room, or one that does not exist to begin a new room',
  });
}

/** Looks before SQLite does: a file of another kind must not be touched. */
function checkKind(path: string): void {
  if (!existsSync(path)) return;
  if (!statSync(path).isFile()) throw notARoom(path, 'no file');
  const header = Buffer.alloc(16);
  const file = openSync(path, 'r');
  const read = readSync(file, header, 0, 16, 0);
  closeSync(file);
  // Nothing in it: a room whose making was killed at once.
  if (read > 0 && header.toString('latin1') !== MAGIC)
    throw notARoom(path, 'a file that is no SQLite database');
}

const number = (db: DatabaseSync, sql: string): number =>
  Number(Object.values(db.prepare(sql).get() ?? {})[0] ?? 0);

/** Refuses what is no room or a newer one's; makes the tables of a new file. */
function prepare(db: DatabaseSync, path: string): void {
  const application = number(db, 'PRAGMA application_id');
  const version = number(db, 'PRAGMA user_version');
  const empty = application === 0 && version === 0 && number(db, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (!empty && application !== APPLICATION_ID) throw notARoom(path, 'a database of another program');
  if (version > SCHEMA_VERSION) {
    throw new LucieError({
      code: 'ROOM_TOO_NEW',
      found: `${path}: a room of version ${version}`,
      expected: `version ${SCHEMA_VERSION} at most`,
      todo: 'open it with the newer LUCIE that made it',
    });
  }
  // What was committed stays through a power cut; readers do not wait for a writer.
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON',
  );
  if (empty) createSchema(db);
}

/**
 * Opens the file of a room, or begins one where there is none.
 * @throws LucieError `ROOM_NOT_A_ROOM`, `ROOM_TOO_NEW`, `ROOM_BROKEN`
 */
export function openRoomFile(path: string): DatabaseSync {
  checkKind(path);
  mkdirSync(dirname(path), { recursive: true });
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: 10_000, allowExtension: true });
    prepare(db, path);
    return db;
  } catch (error) {
    db?.close();
    throw asRoomError(error, path);
  }
}

/** A broken file by its name, SQLite's other errors as they are. */
export function asRoomError(error: unknown, path: string): unknown {
  const code = (error as { errcode?: number }).errcode;
  // SQLITE_CORRUPT and SQLITE_NOTADB, without their extended parts.
  if (code === undefined || ![11, 26].includes(code & 0xff)) return error;
  return new LucieError({
    code: 'ROOM_BROKEN',
    found: `${path}: a damaged room (${(error as Error).message})`,
    expected: 'a whole file',
    todo: 'restore it from an export, or make the room again from its documents',
    cause: error,
  });
}
