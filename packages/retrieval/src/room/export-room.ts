import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { LucieError } from '@lucie/ledger';

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

/** Writes the whole room as one file without a journal beside it: aside, synced, renamed. */
export function exportRoom(db: DatabaseSync, from: string, to: string): void {
  if (realPath(from) === realPath(to)) {
    throw new LucieError({
      code: 'ROOM_EXPORT_ONTO_ITSELF',
      found: `${to}, which is the room itself`,
      expected: 'another file',
      todo: 'name another path for the export',
    });
  }
  const aside = `${to}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    db.prepare('VACUUM INTO ?').run(aside);
    sync(aside);
    renameSync(aside, to);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
  sync(dirname(resolve(to)));
}

/** Removes a room's file and what SQLite keeps beside it; none there is no error. The room must be closed. */
export function eraseRoom(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true });
}
