import type { DatabaseSync } from 'node:sqlite';
import { atOnce, type Steps } from './steps.ts';

/** One transaction around `steps`: all of it is kept, or nothing, also when it is given up between two of them. */
export function* transaction<T>(db: DatabaseSync, steps: Steps<T>): Steps<T> {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = yield* steps;
    db.exec('COMMIT');
    return result;
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
  }
}

/** Runs `work` in one transaction: all of it is kept, or nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  return atOnce(transaction(db, oneStep(work)));
}

function* oneStep<T>(work: () => T): Steps<T> {
  yield;
  return work();
}
