import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeTinyGguf } from '../../release/test/tiny-model.ts';
import { Engine } from '../src/index.ts';
import { type EndMemory, ParkedEnds } from '../src/prefix/parked-ends.ts';

/** Sequences as lists of tokens; a saved end is its tokens, four bytes each. */
class ListMemory implements EndMemory {
  readonly sequences = new Map<number, number[]>();
  saved = 0;

  saveEnd(sequence: number, from: number): Buffer<ArrayBuffer> {
    this.saved++;
    const end = this.sequences.get(sequence)!.slice(from);
    return Buffer.from(Int32Array.from(end).buffer);
  }

  restoreEnd(state: Buffer, sequence: number, { from, to }: { from: number; to: number }): boolean {
    const end = [...new Int32Array(state.buffer, state.byteOffset, state.length / 4)];
    const has = this.sequences.get(sequence)!;
    const start = this.#from;
    expect(has).toHaveLength(from);
    has.push(...end.slice(from - start, to - start));
    return true;
  }

  /** Where the end that is put back next begins. */
  startingAt(from: number): this {
    this.#from = from;
    return this;
  }

  #from = 0;
}

const course = Array.from({ length: 100 }, (_, i) => i);
const own = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => 1000 + ((seed * 7919 + i * 31) % 500));

function park(memory: ListMemory, parked: ParkedEnds, sequence: number, tokens: number[], scope = 'salle') {
  memory.sequences.set(sequence, tokens);
  parked.put(sequence, { tokens, from: 100, scope });
}

describe('ends that wait', () => {
  test('free their memory as they go, whether they were put back or had to make room', () => {
    class Kept extends ListMemory {
      states: Buffer[] = [];
      override saveEnd(sequence: number, from: number) {
        const state = super.saveEnd(sequence, from);
        this.states.push(state);
        return state;
      }
    }
    const memory = new Kept();
    const parked = new ParkedEnds(memory.startingAt(100), { bytes: 600 });
    const told = [...course, ...own(1, 80)];
    park(memory, parked, 1, told);
    park(memory, parked, 2, [...course, ...own(2, 90)]);
    expect(memory.states.map(({ length }) => length)).toEqual([0, 360]);
    memory.sequences.set(3, [...course]);
    const tokens = [...course, ...own(2, 90), 1];
    expect(parked.lengthen(3, tokens, { length: 100, limit: 190, scope: 'salle' })).toBe(190);
    expect(memory.states.map(({ length }) => length)).toEqual([0, 0]);
  });

  test('come back behind what the sequence has, as far as the new prompt agrees', () => {
    const memory = new ListMemory();
    const parked = new ParkedEnds(memory.startingAt(100), { bytes: 1e6 });
    const told = [...course, ...own(1, 80)];
    park(memory, parked, 1, told);
    memory.sequences.set(2, told.slice(0, 120));
    const next = [...told.slice(0, 170), 7, 8, 9];
    const length = parked.lengthen(2, next, { length: 120, limit: next.length - 1, scope: 'salle' });
    expect(length).toBe(170);
    expect(memory.sequences.get(2)).toEqual(told.slice(0, 170));
    expect(parked.bytes).toBe(0);
  });

  test.each([
    ['another room', { scope: 'autre' }],
    ['a sequence that does not reach where it begins', { length: 99 }],
    ['nothing to gain', { length: 160 }],
    ['another course before', { tokens: [...course.with(50, 777), ...own(1, 80), 3] }],
    ['another conversation', { tokens: [...course, ...own(2, 80), 3] }],
  ])('stay where they are: %s', (_, change) => {
    const memory = new ListMemory();
    const parked = new ParkedEnds(memory.startingAt(100), { bytes: 1e6 });
    park(memory, parked, 1, [...course, ...own(1, 80)]);
    const { tokens, length, scope } = {
      ...{ tokens: [...course, ...own(1, 80), 3], length: 100, scope: 'salle' },
      ...change,
    };
    memory.sequences.set(2, tokens.slice(0, length));
    expect(parked.lengthen(2, tokens, { length, limit: 180, scope })).toBe(length);
    expect(parked.bytes).toBe(320);
  });

  test('a longer turn takes the place of the one before; the oldest go when memory is short', () => {
    const memory = new ListMemory();
    const parked = new ParkedEnds(memory.startingAt(100), { bytes: 900 });
    park(memory, parked, 1, [...course, ...own(1, 80)]);
    park(memory, parked, 1, [...course, ...own(1, 100)]);
    expect(parked.bytes).toBe(400);
    park(memory, parked, 2, [...course, ...own(2, 120)]);
    expect(parked.bytes).toBe(880);
    park(memory, parked, 3, [...course, ...own(3, 50)]);
    expect(parked.bytes).toBe(680);
    memory.sequences.set(4, [...course]);
    const first = [...course, ...own(1, 100), 1];
    expect(parked.lengthen(4, first, { length: 100, limit: 200, scope: 'salle' })).toBe(100);
  });

  test('no more tokens than the shared memory holds', () => {
    const memory = new ListMemory();
    const parked = new ParkedEnds(memory, { bytes: 1e9, tokens: 200 });
    for (let i = 1; i <= 9; i++) park(memory, parked, i, [...course, ...own(i, 80)]);
    expect(parked.bytes).toBe(640);
  });

  test('what is short, or larger than all the memory there is, is not saved', () => {
    const memory = new ListMemory();
    const parked = new ParkedEnds(memory, { bytes: 200 });
    park(memory, parked, 1, [...course, ...own(1, 31)]);
    expect(memory.saved).toBe(0);
    park(memory, parked, 1, [...course, ...own(1, 40)]);
    expect([memory.saved, parked.bytes]).toEqual([1, 160]);
    park(memory, parked, 1, [...course, ...own(1, 60)]);
    expect([memory.saved, parked.bytes]).toEqual([1, 160]);
  });
});

describe('with llama.cpp', () => {
  let dir: string;
  let path: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lucie-parked-'));
    path = await writeTinyGguf(dir);
  });
  afterAll(() => rm(dir, { recursive: true }));

  test('conversations go on where they were left, with the words that they would have had', async () => {
    const load = () => Engine.load(path, { threads: 1, sequences: 4, cacheTokens: 4096, prefixDir: false });
    await using engine = await load();
    await using fresh = await load();
    const random = new Random(3, 'parked');
    const talks = Array.from({ length: 12 }, () => Array.from({ length: 60 }, () => 6 + random.below(200)));
    const options = { temperature: 0, maxTokens: 20, topLogprobs: 0, room: 'a', stopIds: [] };
    const say = async (on: Engine, tokens: number[]) => {
      const generation = on.generate({ ...options, tokens });
      const chunks = await Array.fromAsync(generation);
      return { generation, chunks };
    };
    for (let turn = 0; turn < 3; turn++) {
      const answers = await Promise.all(talks.map((talk) => say(engine, talk)));
      for (const [i, { generation, chunks }] of answers.entries()) {
        const talk = talks[i]!;
        // The last word was drawn, and never read.
        expect(generation.cachedTokens).toBe(turn === 0 ? 0 : 60 + 32 * turn - 13);
        const reference = await say(fresh, talk);
        for (const [at, chunk] of chunks.entries()) {
          const same = reference.chunks[at]!;
          // Until rounding chooses between two words that are as good.
          if (chunk.token !== same.token) break;
          expect(Math.abs(chunk.logprob! - same.logprob!)).toBeLessThan(0.02);
        }
        expect(chunks[0]!.token).toBe(reference.chunks[0]!.token);
        talk.push(
          ...chunks.map(({ token }) => token),
          ...Array.from({ length: 12 }, () => 6 + random.below(200)),
        );
      }
    }
    expect(engine.stats.evictions + engine.stats.keptPrefixes).toBeGreaterThan(0);
    expect(engine.stats.cells).toBeLessThan(1500);
  });
});
