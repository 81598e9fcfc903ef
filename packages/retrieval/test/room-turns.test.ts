import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Random, sha256 } from '@lucie/ledger';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Room } from '../src/index.ts';
import { asRoomError } from '../src/room/open-room-file.ts';
import { hashText } from '../src/room/prepare-document.ts';
import { createSchema } from '../src/room/schema.ts';
import { atOnce, inSlices } from '../src/room/steps.ts';
import { transaction } from '../src/room/transaction.ts';
import { madeDocument, madeFile } from './made-document.ts';
import { expectWhole } from './whole-room.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lucie-turns-'));
  path = join(dir, 'salle.sqlite');
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Of so many passages; its first word is its own. */
function book(name: string, passages: number) {
  const random = new Random(7, name);
  const paragraph = () => Array.from({ length: 40 }, () => `mot${random.below(5000)}`).join(' ');
  return madeDocument(`Livre ${name}`, [[name, ...Array.from({ length: passages - 1 }, paragraph)]]);
}
const long = book('alpha', 700);
const short = book('beta', 30);

/** Looks at something each time that the process has a turn, until `work` has ended. @returns what was seen */
async function meanwhile<T>(work: Promise<unknown>, look: () => T | Promise<T>): Promise<T[]> {
  const seen: T[] = [];
  let over = false;
  const ended = work.finally(() => {
    over = true;
  });
  // Told to whoever awaits `ended` below.
  ended.catch(() => {});
  while (!over) {
    seen.push(await look());
    await setImmediate();
  }
  await ended;
  return seen;
}

describe('a large document', () => {
  it('is added and discarded while the process goes on, and is there whole or not at all', async () => {
    using room = Room.open(path);
    await room.add(short, madeFile(short));
    const look = async () => {
      const [hit] = await room.search('alpha', { method: 'bm25' });
      return `${room.documents().length} ${hit?.document ?? 'none'} ${room.understand('alpha')[0]!.meant.length}`;
    };
    const adding = await meanwhile(room.add(long, madeFile(long)), look);
    expect(adding.length).toBeGreaterThan(5);
    expect(new Set(adding.slice(0, -1))).toEqual(new Set(['1 none 0']));
    expect(await look()).toBe('2 2 1');
    const discarding = await meanwhile(room.discard(2), look);
    expect(discarding.length).toBeGreaterThan(5);
    expect(new Set(discarding.slice(0, -1))).toEqual(new Set(['2 2 1']));
    expect(await look()).toBe('1 none 0');
    expect(await room.discard(2)).toBe(false);
  });

  it('is whole or not there at all, whenever it is given up', async () => {
    using room = Room.open(path);
    await room.add(short, madeFile(short));
    const outcomes: string[] = [];
    for (const turn of [1, 3, 5, 7, 9]) {
      const stop = new AbortController();
      let left = turn;
      const ended = meanwhile(room.add(long, madeFile(long), stop.signal), () => {
        if (left-- === 0) stop.abort(new Error('parti'));
      });
      const outcome = await ended.then(
        () => 'added',
        (error: Error) => error.message,
      );
      expect(await expectWhole(path)).toBe(outcome === 'added' ? 2 : 1);
      outcomes.push(outcome);
      if (outcome === 'added') await room.discard(room.documents()[1]!.document);
    }
    expect(outcomes[0]).toBe('parti');
    expect(room.understand('alpha')[0]!.meant).toEqual([]);
  });

  it('is not added to a room that is closed meanwhile', async () => {
    const room = Room.open(path);
    const adding = room.add(long, madeFile(long));
    const refused = expect(adding).rejects.toMatchObject({ code: 'ROOM_CLOSED' });
    await setImmediate();
    room[Symbol.dispose]();
    await refused;
    expect(await expectWhole(path)).toBe(0);
  });
});

describe('one file', () => {
  it('takes changes of two rooms of a process one after another', async () => {
    using one = Room.open(path);
    using other = Room.open(path);
    const added = await Promise.all([
      one.add(long, madeFile(long)),
      other.add(short, madeFile(short)),
      other.add(long, madeFile(long)),
      one.discard(99),
    ]);
    expect(added.slice(0, 3).map((each) => each !== false && each !== true && each.duplicate)).toEqual(
      expect.arrayContaining([false, false, true]),
    );
    expect(other.documents()).toEqual(one.documents());
    expect(await expectWhole(path)).toBe(2);
  });

  it('forgets two documents that are discarded at once', async () => {
    using room = Room.open(path);
    const gone = [long, book('gamma', 300)];
    for (const one of [short, ...gone]) await room.add(one, madeFile(one));
    expect(await Promise.all([room.discard(2), room.discard(3)])).toEqual([true, true]);
    expect(await expectWhole(path)).toBe(1);
    const left = readdirSync(dir).map((name) =>
      readFileSync(join(dir, name)).toString('latin1').toLowerCase(),
    );
    expect(left.join('')).toContain('beta');
    expect(left.join('')).not.toMatch(/alpha|gamma/);
  });

  it('is begun once by two that find it empty', () => {
    const [one, other] = [new DatabaseSync(path), new DatabaseSync(path)];
    createSchema(one);
    createSchema(other);
    one.close();
    other.close();
    expect(Room.open(path).documents()).toEqual([]);
  });

  it('is opened although another process is just beginning it', async () => {
    const worker = new Worker(
      `const { DatabaseSync } = require('node:sqlite');
      const { parentPort, workerData } = require('node:worker_threads');
      const db = new DatabaseSync(workerData);
      db.exec('BEGIN IMMEDIATE');
      parentPort.postMessage('held');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      db.exec('COMMIT');
      db.close();`,
      { eval: true, workerData: path },
    );
    await once(worker, 'message');
    using room = Room.open(path);
    expect(room.documents()).toEqual([]);
    await once(worker, 'exit');
  });

  it('is not begun anew when it has gone', async () => {
    using room = Room.open(path);
    rmSync(path);
    await expect(room.add(short, madeFile(short))).rejects.toMatchObject({ code: 'ROOM_NOT_A_ROOM' });
    expect(existsSync(path)).toBe(false);
  });

  it('is copied whole while something is being added', async () => {
    using room = Room.open(path);
    await room.add(short, madeFile(short));
    const copies = [0, 1].map((n) => join(dir, `copie-${n}.sqlite`));
    await Promise.all([room.copyTo(copies[0]!), room.add(long, madeFile(long)), room.copyTo(copies[1]!)]);
    expect(readdirSync(dir).filter((name) => /tmp|copie.*-/.test(name))).toEqual([
      'copie-0.sqlite',
      'copie-1.sqlite',
    ]);
    for (const copy of copies) {
      const db = new DatabaseSync(copy, { readOnly: true });
      expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
      db.close();
      await expectWhole(copy);
    }
    using copied = Room.open(copies[0]!);
    expect(copied.documents()[0]).toEqual(room.documents()[0]);
    await expect(room.copyTo(path)).rejects.toMatchObject({ code: 'ROOM_EXPORT_ONTO_ITSELF' });
    await expect(room.copyTo(join(dir, 'absent', 'x'))).rejects.toThrow();
    expect(readdirSync(dir).filter((name) => name.includes('tmp'))).toEqual([]);
  });
});

it('a transaction that is given up between two steps leaves nothing and holds nothing', async () => {
  const [db, other] = [new DatabaseSync(path), new DatabaseSync(path, { timeout: 0 })];
  db.exec('CREATE TABLE t (x)');
  const steps = (function* () {
    for (let i = 0; ; i++) {
      db.exec(`INSERT INTO t VALUES (${i})`);
      yield;
    }
  })();
  let rests = 0;
  const ended = inSlices(transaction(db, steps), () => {
    // Others see nothing of it, and it ends at the third rest.
    expect(other.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 });
    if (++rests === 3) throw new Error('parti');
  });
  await expect(ended).rejects.toThrow('parti');
  other.exec('INSERT INTO t VALUES (-1)');
  expect(db.prepare('SELECT x FROM t').all()).toEqual([{ x: -1 }]);
  db.close();
  other.close();
});

it('what SQLite says of a full disk and of another writer is said in words', () => {
  const db = new DatabaseSync(path, { timeout: 0 });
  db.exec('PRAGMA page_size = 512; CREATE TABLE t (x); PRAGMA max_page_count = 3');
  const other = new DatabaseSync(path, { timeout: 0 });
  const thrown = (work: () => void): unknown => {
    try {
      work();
    } catch (error) {
      return asRoomError(error, path);
    }
    return undefined;
  };
  expect(thrown(() => db.exec('INSERT INTO t VALUES (zeroblob(5000))'))).toMatchObject({
    code: 'ROOM_NO_SPACE',
  });
  other.exec('BEGIN IMMEDIATE');
  expect(thrown(() => db.exec('INSERT INTO t VALUES (1)'))).toMatchObject({ code: 'ROOM_BUSY' });
  other.close();
  db.close();
});

it('the hash of a text stays what it was: rooms know their documents by it', () => {
  const texts = ['  Été À  LA\u00a0mer ', '', ' \n', 'ﬁn Σας ΣΑΣ', '\u0301accent', 'a\n\nb'];
  const parsed = madeDocument('x', [texts.slice(0, 3), [], texts.slice(3)]);
  const whole = texts.join(' ').normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  expect(atOnce(hashText(parsed))).toBe(sha256(whole));
  expect(atOnce(hashText(madeDocument('x', [['', ' \n']])))).toBeNull();
});
