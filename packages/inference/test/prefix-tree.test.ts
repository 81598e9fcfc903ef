import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { type Branch, type Cells, PrefixTree } from '../src/prefix/prefix-tree.ts';

/** A memory that knows what each cell holds and who shares it: what llama.cpp's unified memory does. */
class ModelCells implements Cells {
  #cells = new Map<number, { position: number; token: number; holders: Set<number> }>();
  #next = 0;
  wholeOnly = false;

  share(from: number, to: number, length: number): void {
    expect(this.read(to)).toEqual([]);
    expect(this.read(from).length).toBeGreaterThanOrEqual(length);
    for (const cell of this.#cells.values()) {
      if (cell.holders.has(from) && cell.position < length) cell.holders.add(to);
    }
  }

  forget(sequence: number, from: number): boolean {
    if (this.wholeOnly && from > 0) return false;
    for (const [id, cell] of this.#cells) {
      if (cell.position < from) continue;
      cell.holders.delete(sequence);
      if (cell.holders.size === 0) this.#cells.delete(id);
    }
    return true;
  }

  decode(sequence: number, position: number, token: number): void {
    this.#cells.set(this.#next++, { position, token, holders: new Set([sequence]) });
  }

  /** Tokens of a sequence by position; every position exactly once. */
  read(sequence: number): number[] {
    const own = [...this.#cells.values()].filter(({ holders }) => holders.has(sequence));
    own.sort((a, b) => a.position - b.position);
    expect(own.map(({ position }) => position)).toEqual(own.map((_, i) => i));
    return own.map(({ token }) => token);
  }

  get size(): number {
    return this.#cells.size;
  }
}

function setUp(sequences = 6, capacity = 1000) {
  const cells = new ModelCells();
  const tree = new PrefixTree(cells, { capacity, sequences });
  const append = (branch: Branch, tokens: readonly number[]) => {
    for (const token of tokens) {
      cells.decode(branch.sequence, branch.length, token);
      tree.append(branch, token);
    }
  };
  const read = (tokens: readonly number[], opts: { scope: string | undefined } = { scope: 'a' }) => {
    const branch = tree.acquire(tokens, opts)!;
    const cached = branch.length;
    append(branch, tokens.slice(cached));
    return { branch, cached };
  };
  return { cells, tree, append, read };
}

const COURSE = [1, 2, 3, 4, 5, 6, 7, 8];

describe('a tree of prefixes', () => {
  test('what is still being read is not found as kept', () => {
    const tree = new PrefixTree(new ModelCells(), { capacity: 10, sequences: 2 });
    const branch = tree.acquire([1, 2], { scope: undefined })!;
    branch.pinned = true;
    for (const token of [1, 2]) tree.append(branch, token);
    expect(tree.findPinned([1, 2])).toBeUndefined();
    tree.keep(branch);
    expect(tree.findPinned([1, 2])).toBe(branch);
  });

  test('a prompt starts where the longest one like it ends, its last token read anew', () => {
    const { tree, read, cells } = setUp();
    tree.keep(read(COURSE).branch);
    expect(tree.match([...COURSE, 9], 'a')).toBe(8);
    expect(read([...COURSE, 9]).cached).toBe(8);
    expect(read(COURSE).cached).toBe(7);
    expect(read([1, 2, 3, 9, 9]).cached).toBe(3);
    expect(read([2, 2]).cached).toBe(0);
    expect(tree.cells).toBe(cells.size);
  });

  test('from work that is not done yet, too', () => {
    const { read, append, tree } = setUp();
    const first = tree.acquire([...COURSE, 9], { scope: 'a' })!;
    append(first, COURSE.slice(0, 5));
    expect(read([...COURSE, 10]).cached).toBe(5);
    append(first, COURSE.slice(5));
    expect(first.length).toBe(8);
    expect(tree.match([...COURSE, 9], 'a')).toBe(8);
  });

  test('what a room leaves is seen in that room only; what everybody may see, by all', () => {
    const { tree, read } = setUp();
    tree.keep(read(COURSE, { scope: undefined }).branch);
    tree.keep(read([...COURSE, 9, 9, 9]).branch);
    const next = [...COURSE, 9, 9, 9, 1];
    expect(tree.match(next, 'a')).toBe(11);
    expect(tree.match(next, 'b')).toBe(8);
    expect(tree.match(next, undefined)).toBe(8);
    expect(read(next, { scope: 'b' }).cached).toBe(8);
  });

  test('what a room adds to what everybody sees is its own, even when it alone is left there', () => {
    const { tree, read, append } = setUp();
    const everybody = read([1, 2, 3], { scope: undefined }).branch;
    const own = tree.acquire([1, 2, 3, 4], { scope: 'a' })!;
    tree.release(everybody);
    append(own, [4]);
    expect([tree.match([1, 2, 3, 4], 'a'), tree.match([1, 2, 3, 4], 'b')]).toEqual([4, 3]);
  });

  test('the least recently used end goes first, beginnings last', () => {
    const { tree, read, cells } = setUp();
    for (const last of [[11, 11], [12, 12, 12], [13]]) tree.keep(read([...COURSE, ...last]).branch);
    tree.keep(read([...COURSE, 11, 11, 5]).branch);
    expect(tree.cells).toBe(8 + 3 + 3 + 1);
    expect(tree.evict()).toBe(3);
    expect(tree.match([...COURSE, 12], 'a')).toBe(8);
    expect(tree.evict()).toBe(1);
    expect(tree.match([...COURSE, 11, 11, 5], 'a')).toBe(11);
    while (tree.evict() > 0) expect(tree.cells).toBe(cells.size);
    expect([tree.cells, cells.size, tree.kept]).toEqual([0, 0, 0]);
  });

  test('what is at work is never given up, what is pinned last of all', () => {
    const { tree, read } = setUp();
    const pinned = read([50, 51, 52], { scope: undefined }).branch;
    pinned.pinned = true;
    tree.keep(pinned);
    const { branch } = read([...COURSE, 9]);
    tree.keep(read([...COURSE, 10]).branch);
    expect(tree.heldByWork()).toBe(9);
    expect(tree.evict()).toBe(1);
    expect(tree.match([50, 51, 52], 'b')).toBe(3);
    expect(tree.evict()).toBe(3);
    expect(tree.evict()).toBe(0);
    expect(branch.length).toBe(9);
    expect(tree.match([...COURSE, 9], 'a')).toBe(9);
  });

  test('when all ids are taken the oldest kept sequence goes; when all are at work there is none', () => {
    const { tree, read } = setUp(3);
    tree.keep(read([1, 1]).branch);
    tree.keep(read([2, 2]).branch);
    read([3, 3]);
    read([4, 4]);
    expect([tree.match([1, 1], 'a'), tree.match([2, 2], 'a')]).toEqual([0, 2]);
    read([5, 5]);
    expect(tree.acquire([6, 6], { scope: 'a' })).toBeUndefined();
  });

  test('a memory that forgets only whole sequences loses whole sequences', () => {
    const { tree, read, cells } = setUp();
    cells.wholeOnly = true;
    tree.keep(read(COURSE).branch);
    const { branch } = read([...COURSE, 9, 9]);
    tree.keep(branch);
    while (tree.evict() > 0) expect(tree.cells).toBe(cells.size);
    expect(cells.size).toBe(0);
  });

  test('what differences have cut is whole again when they are gone', () => {
    const { tree, read, cells } = setUp(40);
    const kept = read([...COURSE, 9]).branch;
    const node = kept.tail;
    const others = [1, 2, 3, 4, 5, 6].map((length) => read([...COURSE.slice(0, length), 77]).branch);
    expect(node.tokens).toEqual([7, 8, 9]);
    for (const branch of others) tree.release(branch);
    expect([node.tokens, node.start, kept.tail === node]).toEqual([[...COURSE, 9], 0, true]);
    expect([tree.match([...COURSE, 9], 'a'), tree.cells, cells.size]).toEqual([9, 9, 9]);
    // Two scopes stay apart.
    const shared = read([1, 2, 3], { scope: undefined }).branch;
    read([1, 2, 3, 4, 5], { scope: 'c' });
    tree.release(shared);
    expect([tree.match([1, 2, 3, 4, 5], 'b'), tree.match([1, 2, 3, 4, 5], 'c')]).toEqual([3, 5]);
  });

  test('whatever comes and goes: each sequence has its tokens, and the count of cells is right', () => {
    const random = new Random(5, 'tree');
    for (let round = 0; round < 40; round++) {
      const { tree, cells, append } = setUp(5, 60);
      const running: { branch: Branch; tokens: number[] }[] = [];
      for (let step = 0; step < 120; step++) {
        const what = random.below(5);
        if (what === 0 && running.length < 4) {
          const tokens = Array.from({ length: 1 + random.below(9) }, () => random.below(2));
          const scope = [undefined, 'a', 'b'][random.below(3)];
          const branch = tree.acquire(tokens, { scope, reuse: random.below(4) > 0 })!;
          expect(branch.length).toBeLessThan(tokens.length);
          running.push({ branch, tokens });
        } else if (what === 1 && running.length > 0) {
          const [{ branch }] = running.splice(random.below(running.length), 1) as [(typeof running)[0]];
          branch.pinned = random.below(4) === 0;
          if (random.below(3) > 0 || branch.pinned) tree.keep(branch);
          else tree.release(branch);
        } else if (what === 2) {
          tree.evict();
        } else if (running.length > 0) {
          const { branch, tokens } = running[random.below(running.length)]!;
          const rest = tokens.slice(branch.length, branch.length + 1 + random.below(3));
          if (rest.length === 0) {
            rest.push(random.below(2));
            tokens.push(...rest);
          }
          append(branch, rest);
        }
        expect(tree.cells).toBe(cells.size);
        const held = new Set<number>();
        for (const { branch, tokens } of running) {
          expect(cells.read(branch.sequence)).toEqual(tokens.slice(0, branch.length));
          expect(held.has(branch.sequence)).toBe(false);
          held.add(branch.sequence);
        }
        expect(tree.heldByWork()).toBeLessThanOrEqual(tree.cells);
      }
      for (const { branch } of running) tree.release(branch);
      while (tree.evict() > 0) {}
      expect([tree.cells, cells.size]).toEqual([0, 0]);
    }
  });
});
