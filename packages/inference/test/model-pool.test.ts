import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Random } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tinyConfig, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { ModelPool, memoryNeed, readGguf } from '../src/index.ts';

let dir: string;
let path: string;
let need: number;
const options = { threads: 1, sequences: 1, contextSize: 64 };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-pool-'));
  path = await writeTinyGguf(dir, { config: tinyConfig({ hidden_size: 64, num_hidden_layers: 1 }) });
  need = memoryNeed(readGguf(path), { contextSize: 64, cacheTokens: 64, sequences: 1 }).total;
});

afterAll(() => rm(dir, { recursive: true }));

const code = (expected: string) => expect.objectContaining({ code: expected });

/** Loads nothing: counts, and notes what a pool may never do. */
class FakeLoader {
  loads = 0;
  open = 0;
  most = 0;
  atOnce = 0;
  fail = false;
  /** Loads wait for it. */
  gate = Promise.resolve();
  closed: FakeEngine[] = [];
  load = async (): Promise<FakeEngine> => {
    this.loads++;
    if (++this.atOnce > 1) throw new Error('two loads at once');
    await wait(1);
    await this.gate;
    this.atOnce--;
    if (this.fail) throw new Error('no');
    this.most = Math.max(this.most, ++this.open);
    return new FakeEngine(this);
  };
}

class FakeEngine {
  isClosed = false;
  #loader: FakeLoader;
  constructor(loader: FakeLoader) {
    this.#loader = loader;
  }
  async close(): Promise<void> {
    if (this.isClosed) throw new Error('closed twice');
    this.isClosed = true;
    await wait(1);
    this.#loader.open--;
    this.#loader.closed.push(this);
  }
}

/** What is loaded, without the engines. */
const shown = (pool: ModelPool<FakeEngine>) =>
  pool.loaded().map(({ name, bytes, leases }) => ({ name, bytes, leases }));

function poolOf(count: number, opts: { rooms?: number; idleMs?: number } = {}) {
  const loader = new FakeLoader();
  const models = Array.from({ length: count }, (_, i) => ({ name: `m${i}`, path, options }));
  const pool = new ModelPool<FakeEngine>(models, {
    load: loader.load,
    available: () => Number.POSITIVE_INFINITY,
    ...(opts.rooms === undefined ? {} : { memoryBytes: need * opts.rooms }),
    ...(opts.idleMs === undefined ? {} : { idleMs: opts.idleMs }),
  });
  return { loader, pool };
}

describe('leases', () => {
  test('those who ask together share one load, and what is loaded stays', async () => {
    const { loader, pool } = poolOf(2);
    const [a, b] = await Promise.all([pool.use('m0'), pool.use('m0')]);
    expect(a.engine).toBe(b.engine);
    expect(shown(pool)).toEqual([{ name: 'm0', bytes: need, leases: 2 }]);
    a[Symbol.dispose]();
    a[Symbol.dispose]();
    expect(shown(pool)).toEqual([{ name: 'm0', bytes: need, leases: 1 }]);
    b[Symbol.dispose]();
    using again = await pool.use('m0');
    expect([again.engine, loader.loads]).toEqual([a.engine, 1]);
    await pool.close();
    await expect(pool.use('m0')).rejects.toEqual(code('POOL_CLOSED'));
    expect(loader.open).toBe(0);
  });

  test('an unknown name is told apart, with the known ones', async () => {
    const { pool } = poolOf(2);
    await expect(pool.use('autre')).rejects.toThrow(/m0, m1/);
    await expect(pool.info('autre')).rejects.toEqual(code('MODEL_UNKNOWN'));
  });

  test('a failed load is told to all who wait, and can be tried again', async () => {
    const { loader, pool } = poolOf(2, { rooms: 1 });
    loader.fail = true;
    const both = await Promise.allSettled([pool.use('m0'), pool.use('m0')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(loader.loads).toBe(1);
    loader.fail = false;
    // What it had reserved is free for another.
    (await pool.use('m1'))[Symbol.dispose]();
    using lease = await pool.use('m0');
    expect(lease.engine.isClosed).toBe(false);
    expect(shown(pool)).toEqual([{ name: 'm0', bytes: need, leases: 1 }]);
  });

  test('who stops waiting leaves the load to the others', async () => {
    const { loader, pool } = poolOf(1);
    const stop = new AbortController();
    const [left, stayed] = [pool.use('m0', stop.signal), pool.use('m0')];
    stop.abort(new Error('parti'));
    await expect(left).rejects.toThrow('parti');
    using _ = await stayed;
    expect(loader.loads).toBe(1);
    expect(shown(pool)).toEqual([{ name: 'm0', bytes: need, leases: 1 }]);
    await expect(pool.use('m0', AbortSignal.abort(new Error('déjà')))).rejects.toThrow('déjà');
  });
});

describe('room', () => {
  test('the longest idle makes room; one that is held never does', async () => {
    const { loader, pool } = poolOf(4, { rooms: 2 });
    const held = await pool.use('m0');
    (await pool.use('m1'))[Symbol.dispose]();
    (await pool.use('m2'))[Symbol.dispose]();
    expect(pool.loaded().map(({ name }) => name)).toEqual(['m0', 'm2']);
    const second = await pool.use('m2');
    await expect(pool.use('m3')).rejects.toEqual(code('MEMORY_SHORT'));
    await expect(pool.use('m3')).rejects.toThrow(/found \d+ MiB free for m3; expected \d+ MiB/);
    held[Symbol.dispose]();
    using _ = await pool.use('m3');
    expect(held.engine.isClosed).toBe(true);
    expect(second.engine.isClosed).toBe(false);
    expect(loader.most).toBe(2);
  });

  test('of several idle ones the one goes whose last use is oldest', async () => {
    const { pool } = poolOf(4, { rooms: 3 });
    for (const name of ['m0', 'm1', 'm2', 'm0']) (await pool.use(name))[Symbol.dispose]();
    using _ = await pool.use('m3');
    expect(pool.loaded().map(({ name }) => name)).toEqual(['m0', 'm2', 'm3']);
  });

  test('what the machine has free counts as well', async () => {
    const loader = new FakeLoader();
    const pool = new ModelPool([{ name: 'm', path, options }], {
      load: loader.load,
      available: () => need - 1,
    });
    await expect(pool.use('m')).rejects.toEqual(code('MEMORY_SHORT'));
    expect(loader.loads).toBe(0);
  });

  test('idle ones go after their time, used ones stay', async () => {
    const { loader, pool } = poolOf(2, { idleMs: 20 });
    using _ = await pool.use('m0');
    (await pool.use('m1'))[Symbol.dispose]();
    await expect.poll(() => pool.loaded().map(({ name }) => name), { timeout: 20_000 }).toEqual(['m0']);
    await expect.poll(() => loader.closed.length).toBe(1);
  });
});

test('an idle time of months is no idle time of a millisecond', async () => {
  const { loader, pool } = poolOf(1, { idleMs: 90 * 86_400_000 });
  (await pool.use('m0'))[Symbol.dispose]();
  await wait(20);
  expect(loader.open).toBe(1);
  await pool.close();
});

test('a model that is taken again before its idle time has been acted upon stays', async () => {
  const { loader, pool } = poolOf(2, { idleMs: 1 });
  (await pool.use('m0'))[Symbol.dispose]();
  const gate = Promise.withResolvers<void>();
  loader.gate = gate.promise;
  // Unloading has to wait for the load of another model.
  const other = pool.use('m1');
  await wait(20);
  using again = await pool.use('m0');
  gate.resolve();
  using _ = await other;
  await wait(10);
  expect(again.engine.isClosed).toBe(false);
  await pool.close();
});

test('whatever is asked in whatever order: never over the limit, never closed while held', async () => {
  const random = new Random(11, 'pool');
  const { loader, pool } = poolOf(5, { rooms: 2, idleMs: 3 });
  let refused = 0;
  const person = async () => {
    for (let i = 0; i < 25; i++) {
      const signal = random.below(5) === 0 ? AbortSignal.timeout(random.below(4)) : undefined;
      loader.fail = random.below(10) === 0;
      try {
        using lease = await pool.use(`m${random.below(5)}`, signal);
        for (let t = random.below(3); t >= 0; t--) {
          expect(lease.engine.isClosed).toBe(false);
          await wait(random.below(3));
        }
        expect(pool.loaded().length).toBeLessThanOrEqual(2);
      } catch (error) {
        if (error instanceof Error && /toBe/.test(error.message)) throw error;
        refused++;
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, person));
  expect(loader.most).toBe(2);
  expect(refused).toBeGreaterThan(0);
  await pool.close();
  expect([loader.open, pool.loaded()]).toEqual([0, []]);
});

describe('real models', () => {
  test('are loaded, answer, and are loaded anew when their file is another', async () => {
    const file = join(dir, 'served.gguf');
    await copyFile(path, file);
    await using pool = new ModelPool([{ name: 'petit', path: file, options }]);
    expect(await pool.info('petit')).toEqual({
      name: 'petit',
      architecture: 'llama',
      parameters: expect.any(Number),
      contextLength: 256,
      contextSize: 64,
      chats: true,
      generates: true,
      memoryBytes: need,
    });
    const say = async () => {
      using lease = await pool.use('petit');
      return await lease.engine.generate({ prompt: 'Un', maxTokens: 8, temperature: 0, stopIds: [] }).text();
    };
    const first = await say();
    expect(await say()).toBe(first);
    const other = await writeTinyGguf(join(dir, 'other'), { seed: 2 });
    await copyFile(other, file);
    expect(await say()).not.toBe(first);
    // What is in memory is served on, whatever becomes of the file.
    const second = await say();
    await rm(file);
    expect(await say()).toBe(second);
  });

  test('a damaged one is refused by name, and taken once it is whole', async () => {
    const file = join(dir, 'whole.gguf');
    await writeFile(file, 'GGUF????');
    await using pool = new ModelPool([{ name: 'petit', path: file, options }]);
    await expect(pool.use('petit')).rejects.toEqual(code('MODEL_INVALID'));
    await copyFile(path, file);
    using lease = await pool.use('petit');
    expect(lease.engine.info.name).toBe('tiny');
  });
});
