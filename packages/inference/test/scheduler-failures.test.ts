import { describe, expect, test } from 'vitest';
import type { Context } from '../src/native/context.ts';
import type { PrefixStore, StoredPrefix } from '../src/prefix/prefix-store.ts';
import { Reading } from '../src/prefix/reading.ts';
import { newCounters } from '../src/scheduler/counters.ts';
import { FairQueue } from '../src/scheduler/fair-queue.ts';
import { Scheduler } from '../src/scheduler/scheduler.ts';
import { Turns } from '../src/scheduler/turns.ts';
import type { Work } from '../src/scheduler/work.ts';

/** A context whose decodes end as told: true, false for no cells, or a failure; true when nothing more is told. */
function setUp(
  ends: (boolean | Error)[],
  opts: { cells?: number; slots?: number; store?: PrefixStore } = {},
) {
  let rows = 0;
  const steps: number[] = [];
  const batch = {
    capacity: 512,
    length: 0,
    clear: () => {
      batch.length = rows = 0;
    },
    add: (_: number, __: number, ___: number, logits: boolean) => {
      batch.length++;
      if (logits) rows++;
    },
  };
  const context = {
    cells: opts.cells ?? 1000,
    batch,
    decode: async () => {
      steps.push(batch.length);
      const end = ends.shift() ?? true;
      if (end instanceof Error) throw end;
      return end;
    },
    logits: () => Array.from({ length: rows }, () => new Float32Array(1)),
    share: () => {},
    restore: async () => true,
    forget: () => true,
  };
  const counters = newCounters();
  const queue = new FairQueue<Work>();
  const scheduler = new Scheduler(context as unknown as Context, {
    queue,
    alone: false,
    slots: opts.slots ?? 4,
    sequences: 8,
    reuse: true,
    turns: new Turns(),
    ...(opts.store && { store: opts.store }),
    counters,
  });
  const read = (first: number, length = 20) => {
    const reading = new Reading(Array.from({ length }, (_, i) => first + i));
    queue.push(reading);
    scheduler.start();
    return reading.done;
  };
  const load = () => ({ active: scheduler.active, waiting: queue.size });
  return { context, scheduler, counters, steps, read, load };
}

test('who comes any number of moments after the last one has ended is served', async () => {
  const cases = [false, true].flatMap((known) => [false, true].map((job) => ({ known, job })));
  for (let moments = 0; moments <= 40; moments++) {
    for (const { known, job } of cases) {
      const { read, scheduler } = setUp([]);
      if (known) {
        await read(0);
        await new Promise(setImmediate);
      }
      await read(0);
      for (let i = 0; i < moments; i++) await null;
      const late = job ? scheduler.between(async () => {}) : read(100);
      const soon = new Promise((resolve) => setTimeout(resolve, 500, `left after ${moments} moments`));
      expect(await Promise.race([late, soon])).toBeUndefined();
    }
  }
});

/** Courses of 150 tokens on disk, by their first token. */
function storeOf(wait: (first: number) => Promise<void>, firsts: number[]): PrefixStore {
  const store = {
    find: ([first]: number[]) =>
      firsts.includes(first!) && { head: { tokens: Array.from({ length: 150 }, (_, i) => first! + i) } },
    read: async ({ head }: StoredPrefix) => {
      await wait(head.tokens[0]!);
      return Buffer.alloc(0);
    },
  };
  return store as unknown as PrefixStore;
}

test('a course that comes from disk while another one is put back is not read again', async () => {
  const second = Promise.withResolvers<void>();
  const store = storeOf(async (first) => (first === 1000 ? second.promise : undefined), [0, 1000]);
  const { context, read, counters } = setUp([], { store });
  context.restore = async () => {
    second.resolve();
    await new Promise(setImmediate);
    return true;
  };
  await Promise.all([read(0, 160), read(1000, 160)]);
  expect(counters).toMatchObject({ restored: 2, promptTokens: 20 });
});

test('a course that comes from disk when there is no room any more costs nobody his prefix', async () => {
  const course = Promise.withResolvers<void>();
  const { context, read, counters } = setUp([], { store: storeOf(() => course.promise, [0]), cells: 340 });
  await read(5000, 30);
  const asked = read(0, 160);
  let decoded = 0;
  context.decode = async () => {
    decoded += context.batch.length;
    // With 192 of its 300 tokens the other work leaves no room for 150.
    if (decoded > 150) course.resolve();
    await new Promise(setImmediate);
    return true;
  };
  await read(2000, 300);
  expect(counters).toMatchObject({ evictions: 0, restored: 0 });
  await asked;
});

describe('when a step fails', () => {
  test('those in it fail, and the next are served', async () => {
    const { read, scheduler, load } = setUp([new Error('bad batch')]);
    const [a, b] = await Promise.allSettled([read(0), read(100)]);
    expect([a!.status, b!.status]).toEqual(['rejected', 'rejected']);
    expect(load()).toEqual({ active: 0, waiting: 0 });
    expect(scheduler.tree.cells).toBe(0);
    await expect(read(0)).resolves.toBeUndefined();
  });

  test('for want of cells, the youngest goes back into line, and comes through', async () => {
    const { read, counters } = setUp([false, false]);
    await Promise.all([read(0), read(100), read(200)]);
    expect(counters.preemptions).toBe(2);
  });

  test('for want of cells when alone, it says so', async () => {
    const { read, scheduler } = setUp(Array(50).fill(false));
    await expect(read(0)).rejects.toThrow(expect.objectContaining({ code: 'CACHE_FULL' }));
    expect(scheduler.tree.cells).toBe(0);
  });

  test('kept prefixes go before anybody is put back', async () => {
    const { read, counters, steps } = setUp([true, false]);
    await read(0);
    await Promise.all([read(100), read(200)]);
    expect(counters).toMatchObject({ evictions: 1, preemptions: 0 });
    expect(steps.length).toBeGreaterThanOrEqual(3);
  });

  test('when nobody has foreseen it, all fail and nobody waits for ever', async () => {
    const { context, read, load } = setUp([], { slots: 1 });
    const { logits } = context;
    context.logits = () => {
      throw new RangeError('never');
    };
    const results = await Promise.allSettled([read(0), read(100), read(200)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(load()).toEqual({ active: 0, waiting: 0 });
    context.logits = logits;
    await expect(read(300)).resolves.toBeUndefined();
  });

  test('a job between steps that fails fails alone', async () => {
    const { read, scheduler } = setUp([]);
    const work = read(0);
    await expect(scheduler.between(() => Promise.reject(new Error('disk')))).rejects.toThrow('disk');
    await expect(scheduler.between(async () => 7)).resolves.toBe(7);
    await work;
  });

  test('closing cancels those at work and in line, and waits', async () => {
    const { read, scheduler, load } = setUp([], { slots: 1 });
    const asked = [read(0, 400), read(1000), read(2000)];
    const settled = Promise.allSettled(asked);
    await scheduler.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(load()).toEqual({ active: 0, waiting: 0 });
  });
});
