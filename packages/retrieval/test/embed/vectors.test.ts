import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Random } from '@lucie/ledger';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Vectors } from '../../src/room/vectors.ts';
import { searchDense } from '../../src/search/dense.ts';
import { fuse } from '../../src/search/fuse.ts';

const PASSAGES = 60;
const a = { name: 'a', dimension: 24 };
const b = { name: 'b', dimension: 24 };
let dir: string;
let db: DatabaseSync;
let vectors: Vectors;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lucie-vectors-'));
  db = new DatabaseSync(join(dir, 'salle.sqlite'), { allowExtension: true });
  // Of a room's tables, what vectors stand on.
  db.exec(`PRAGMA foreign_keys = ON;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE documents (id INTEGER PRIMARY KEY);
    CREATE TABLE passages (id INTEGER PRIMARY KEY, document INTEGER REFERENCES documents (id) ON DELETE CASCADE);
    INSERT INTO documents VALUES (1), (2)`);
  const insert = db.prepare('INSERT INTO passages VALUES (?, ?)');
  for (let id = 1; id <= PASSAGES; id++) insert.run(id, id <= 40 ? 1 : 2);
  vectors = new Vectors(db);
});
afterEach(() => {
  db.close();
  rmSync(dir, { recursive: true });
});

function unitVectors(count: number): Float32Array[] {
  const random = new Random(5, 'vectors');
  return Array.from({ length: count }, () => {
    const vector = Float32Array.from({ length: 24 }, () => random.float() - 0.3);
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
}
const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
const numbered = (all: Float32Array[]) => all.map((vector, i) => ({ id: i + 1, vector }));

test('the nearest are those of the greatest dot product, with their cosines; ties by id', () => {
  const all = unitVectors(PASSAGES);
  all[9] = all[4]!.slice();
  vectors.adopt(a);
  vectors.put(a, numbered(all));
  for (const question of [...unitVectors(5), all[4]!]) {
    const exact = all
      .map((vector, i) => ({ id: i + 1, cosine: dot(vector, question) }))
      .sort((x, y) => y.cosine - x.cosine || x.id - y.id);
    const found = vectors.nearest(a, question, 7);
    expect(found.map(({ id }) => id)).toEqual(exact.slice(0, 7).map(({ id }) => id));
    for (const [i, { cosine }] of found.entries()) expect(cosine).toBeCloseTo(exact[i]!.cosine, 5);
  }
});

test('a passage takes its vector with it, and none comes for a passage that is gone', () => {
  const all = unitVectors(PASSAGES);
  vectors.adopt(a);
  vectors.put(a, numbered(all));
  db.exec('DELETE FROM documents WHERE id = 2');
  expect(vectors.nearest(a, all[50]!, 100)).toHaveLength(40);
  vectors.put(a, [{ id: 50, vector: all[50]! }]);
  expect(vectors.nearest(a, all[50]!, 100)).toHaveLength(40);
  db.exec('DELETE FROM documents');
  expect(vectors.empty).toBe(true);
});

test('vectors of two embedders never meet', () => {
  const all = unitVectors(PASSAGES);
  expect(() => vectors.put(a, numbered(all))).toThrow(
    expect.objectContaining({ code: 'VECTORS_OF_ANOTHER' }),
  );
  vectors.adopt(a);
  vectors.put(a, numbered(all).slice(0, 50));
  expect(vectors.missing(a)).toEqual([51, 52, 53, 54, 55, 56, 57, 58, 59, 60]);
  expect(vectors.missing(b)).toHaveLength(PASSAGES);
  expect(vectors.nearest(b, all[0]!, 5)).toEqual([]);
  expect(() => vectors.put(b, numbered(all))).toThrow(
    expect.objectContaining({ code: 'VECTORS_OF_ANOTHER' }),
  );
  vectors.adopt(a);
  expect(vectors.empty).toBe(false);
  vectors.adopt(b);
  expect(vectors).toMatchObject({ embedder: 'b', empty: true });
  // What another connection's embedder has chosen holds here, too.
  expect(() => vectors.put(a, numbered(all))).toThrow(
    expect.objectContaining({ code: 'VECTORS_OF_ANOTHER' }),
  );
});

test('a vector of another length is refused', () => {
  vectors.adopt(a);
  expect(() => vectors.put(a, [{ id: 1, vector: new Float32Array(23) }])).toThrow(RangeError);
});

test('after that nobody loads an extension', () => {
  expect(() => db.exec("SELECT load_extension('x')")).toThrow(/not authorized/);
  expect(() => db.loadExtension('x')).toThrow(/not allowed/);
});

test('a question is embedded with its phone spellings written out, and only where the vectors are that embedder’s', async () => {
  const asked: string[] = [];
  const [vector] = unitVectors(1);
  const embedder = {
    ...a,
    embedQuestion: async (text: string) => {
      asked.push(text);
      return vector!;
    },
    embedPassages: async () => [],
  };
  expect(await searchDense(vectors, embedder, 'c koi', { limit: 3 })).toEqual([]);
  vectors.adopt(a);
  vectors.put(a, [{ id: 3, vector: vector! }]);
  expect(await searchDense(vectors, embedder, 'c koi', { limit: 3 })).toEqual([{ id: 3, cosine: 1 }]);
  expect(await searchDense(vectors, embedder, '  ', { limit: 3 })).toEqual([]);
  expect(asked).toEqual(["c'est quoi"]);
});

test('one list of words and meaning', () => {
  const words = [
    { id: 1, score: 5 },
    { id: 2, score: 4 },
  ];
  const near = [
    { id: 2, cosine: 0.9 },
    { id: 3, cosine: 0.85 },
    { id: 4, cosine: 0.8 },
  ];
  // 4 + 14; 14 / 2; 5; 0.
  const [both, ...others] = fuse(words, near, 9);
  expect(both).toEqual({ id: 2, score: 18, lexical: 4, dense: 0.9 });
  expect(others.map(({ id }) => id)).toEqual([3, 1, 4]);
  expect(others[0]!.score).toBeCloseTo(7, 9);
  // Cosines that lie close together say less: 4 + 14 × 0.1 / 1.
  expect(fuse(words, near, 9, { spread: 1 })[0]!.score).toBeCloseTo(5.4, 9);
  expect(fuse(words, [], 1)).toEqual([{ id: 1, score: 5, lexical: 5 }]);
  expect(fuse([], near, 2).map(({ id }) => id)).toEqual([2, 3]);
  expect(
    fuse(
      [],
      [
        { id: 7, cosine: 0.5 },
        { id: 6, cosine: 0.5 },
      ],
      9,
    ).map(({ id, score }) => [id, score]),
  ).toEqual([
    [6, 14],
    [7, 14],
  ]);
});
