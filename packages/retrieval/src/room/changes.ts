import { realpathSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { LucieError } from '@lucie/ledger';
import { OneAtATime } from '../one-at-a-time.ts';
import { openRoomFile } from './open-room-file.ts';
import { inSlices, type Steps } from './steps.ts';
import { transaction } from './transaction.ts';

/** Whose turn it is to write to a file, and how many rooms of this process are open on it. */
const files = new Map<string, { turns: OneAtATime; rooms: number }>();

/**
 * Changes of a room's file, one after another among all rooms of this process that are open on it: SQLite would let the
 * second one wait, and with it the thread that the first one needs.
 */
export class Changes implements Disposable {
  readonly #path: string;
  readonly #key: string;
  readonly #turns: OneAtATime;
  #closed = false;

  /** @param path - of a file that is there */
  constructor(path: string) {
    this.#path = path;
    this.#key = realpathSync(path);
    const file = files.get(this.#key) ?? { turns: new OneAtATime(), rooms: 0 };
    file.rooms++;
    files.set(this.#key, file);
    this.#turns = file.turns;
  }

  /**
   * Runs a change in a transaction of a connection of its own, a little at a time: whoever reads sees nothing of it until
   * it is whole.
   * @param opts.forget - what the journal holds of pages as they were goes, too
   * @throws the signal's reason, LucieError `ROOM_CLOSED`: then nothing of it was kept
   */
  run<T>(
    change: (db: DatabaseSync) => Steps<T>,
    { signal, forget = false }: { signal?: AbortSignal | undefined; forget?: boolean } = {},
  ): Promise<T> {
    const check = () => {
      signal?.throwIfAborted();
      if (this.#closed) throw closed(this.#path);
    };
    return this.alone(async () => {
      check();
      const db = openRoomFile(this.#path, { known: true });
      try {
        const result = await inSlices(transaction(db, change(db)), check);
        if (forget) db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        return result;
      } finally {
        db.close();
      }
    }, signal);
  }

  /** Runs `work` while no change does. */
  alone<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#turns.take(work, { signal });
  }

  /** What is under way ends without a trace. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    const file = files.get(this.#key);
    if (file && --file.rooms === 0) files.delete(this.#key);
  }
}

function closed(path: string): LucieError {
  return new LucieError({
    code: 'ROOM_CLOSED',
    found: `${path}: a room that was closed meanwhile`,
    expected: 'an open room',
    todo: 'open it again',
  });
}
