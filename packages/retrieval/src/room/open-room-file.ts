import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LucieError } from '@lucie/ledger';
import { APPLICATION_ID, createSchema, SCHEMA_VERSION } from './schema.ts';

const SQLITE_BUSY = 5;
const TRIES = 100;
const WAIT_MS = 20;

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

/** For this one change SQLite does not wait until another process has ended its own. */
function useJournal(db: DatabaseSync): void {
  for (let left = TRIES; ; left--) {
    try {
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (left === 0 || (error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    }
  }
}

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
  // No function of a file that somebody has sent is run but those that are harmless.
  useJournal(db);
  db.exec(`PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF`);
  if (empty) createSchema(db);
}

/**
 * Opens the file of a room, or begins one where there is none.
 * @param opts.known - it was there a moment ago: none is begun
 * @throws LucieError `ROOM_NOT_A_ROOM`, `ROOM_TOO_NEW`, `ROOM_BROKEN`, `ROOM_BUSY`, `ROOM_NO_SPACE`
 */
export function openRoomFile(path: string, opts: { known?: boolean } = {}): DatabaseSync {
  if (opts.known && !existsSync(path)) throw notARoom(path, 'a file that is gone');
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

/** What SQLite says of a file that a person can see to, in words; its other errors as they are. */
export function asRoomError(error: unknown, path: string): unknown {
  const code = (error as { errcode?: number }).errcode;
  // Without the part that tells kinds of one error apart.
  const told = code === undefined ? undefined : ROOM_ERRORS.get(code & 0xff);
  if (!told) return error;
  const { found, ...rest } = told;
  return new LucieError({ ...rest, found: `${path}: ${found} (${(error as Error).message})`, cause: error });
}

/** By SQLite's primary result codes: BUSY, FULL, CORRUPT, NOTADB. */
const ROOM_ERRORS = new Map(
  [
    {
      errcodes: [5],
      code: 'ROOM_BUSY',
      found: 'a room that another program is writing to',
      expected: 'one writer at a time',
      todo: 'try again in a moment',
    },
    {
      errcodes: [13],
      code: 'ROOM_NO_SPACE',
      found: 'a disk without space for the room',
      expected: 'about three times the size of the documents',
      todo: 'make space, or remove documents; nothing of this change was kept',
    },
    {
      errcodes: [11, 26],
      code: 'ROOM_BROKEN',
      found: 'a damaged room',
      expected: 'a whole file',
      todo: 'restore it from an export, or make the room again from its documents',
    },
  ].flatMap(({ errcodes, ...told }) => errcodes.map((code) => [code, told])),
);
