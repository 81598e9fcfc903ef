import { spawn } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { Random } from '@lucie/ledger';
import { Room } from '../src/room/room.ts';
import { madeDocument, madeFile } from './made-document.ts';

/** A document of its number, always the same, with a word that no other has. */
export function numbered(n: number) {
  const random = new Random(n);
  const blocks = Array.from({ length: 60 }, () =>
    Array.from({ length: 40 }, () => `mot${random.below(3000)}`).join(' '),
  );
  return madeDocument(`Document ${n}`, [
    [`unique${'abcdefghij'[n % 10]}${'abcdefghij'[Math.floor(n / 10) % 10]}`, ...blocks],
  ]);
}

/** When a process that adds documents is killed: by itself at a statement, or from outside after some have been added. */
export type Kill = { before: 'COMMIT' | 'half' } | { afterAdded: number; delayMs: number };

/**
 * Adds documents from `first` on in a process of its own until it is killed.
 * @returns how many it has said to be added
 */
export async function addUntilKilled(path: string, first: number, kill: Kill): Promise<number> {
  const self = 'before' in kill ? kill.before : '';
  const child = spawn(process.execPath, [import.meta.filename, path, String(first), self], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('exit', (code, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error(`the child ended with ${code ?? signal}`)),
    );
  });
  let added = 0;
  child.stdout.on('data', (data: Buffer) => {
    added += data.length;
  });
  if ('afterAdded' in kill) {
    while (added < kill.afterAdded && child.exitCode === null) await wait(1);
    await wait(kill.delayMs);
    child.kill('SIGKILL');
  }
  await ended;
  return added;
}

/** Kills this process in the middle of its second document: half of the passages written, or all but the commit. */
function killMyself(at: string): void {
  const exec = DatabaseSync.prototype.exec;
  const prepare = DatabaseSync.prototype.prepare;
  let documents = 0;
  let inserts = 0;
  const die = (): never => {
    process.kill(process.pid, 'SIGKILL');
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  };
  DatabaseSync.prototype.exec = function (sql) {
    if (sql === 'COMMIT' && documents === 2 && at === 'COMMIT') die();
    return exec.call(this, sql);
  };
  DatabaseSync.prototype.prepare = function (sql) {
    const statement = prepare.call(this, sql);
    if (sql.startsWith('INSERT INTO documents ')) documents++;
    if (at === 'half' && documents === 2 && sql.startsWith('INSERT INTO words')) {
      const run = statement.run.bind(statement);
      statement.run = ((...values: Parameters<typeof run>) =>
        ++inserts === 30 ? die() : run(...values)) as typeof run;
    }
    return statement;
  };
}

if (process.argv[1] === import.meta.filename) {
  const [, , path, first, self] = process.argv;
  killMyself(self!);
  const room = Room.open(path!);
  for (let n = Number(first); ; n++) {
    const document = numbered(n);
    await room.add(document, madeFile(document));
    process.stdout.write('.');
  }
}
