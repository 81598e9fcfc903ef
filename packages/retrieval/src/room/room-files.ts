import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { LucieError } from '@lucie/ledger';
import { openRoomFile } from './open-room-file.ts';

/** Pages of 4 KiB that are copied in one step. */
const PAGES = 256;

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The path with its folder's links resolved, so that one file has one name. */
const realPath = (path: string): string => join(realpathSync(dirname(resolve(path))), basename(path));

/**
 * Writes the whole room as one file without a journal beside it: aside, synced, renamed. The process goes on meanwhile;
 * whoever writes to the room makes the copy begin anew.
 */
export async function copyRoom(from: string, to: string): Promise<void> {
  const aside = nameAside(from, to);
  // Of its own: each step holds the connection that it reads.
  const db = openRoomFile(from, { known: true });
  try {
    await backup(db, aside, { rate: PAGES });
    const copy = new DatabaseSync(aside);
    // A copy for another place, where no journal can be made maybe.
    copy.exec('PRAGMA journal_mode = DELETE');
    copy.close();
    putInPlace(aside, to);
  } finally {
    db.close();
    eraseRoom(aside);
  }
}

function nameAside(from: string, to: string): string {
  if (realPath(from) === realPath(to)) {
    throw new LucieError({
      code: 'ROOM_EXPORT_ONTO_ITSELF',
      found: `${to}, which is the room itself`,
      expected: 'another file',
      todo: 'name another path for the export',
    });
  }
  return `${to}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
}

function putInPlace(aside: string, to: string): void {
  sync(aside);
  renameSync(aside, to);
  sync(dirname(resolve(to)));
}

/** Removes a room's file and what SQLite keeps beside it; none there is no error. The room must be closed. */
export function eraseRoom(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true });
}
