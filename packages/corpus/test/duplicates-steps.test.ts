import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import type { Document } from '../src/document.ts';
import { BinaryReader, BinaryWriter } from '../src/duplicates/binary-file.ts';
import { compareBucket } from '../src/duplicates/bucket.ts';
import { duplicateSteps, duplicatesShape } from '../src/duplicates/index.ts';
import { resolve } from '../src/duplicates/resolve.ts';
import { layout } from '../src/layout.ts';
import { bySeniority, runsOf, trueFalls, truePairs } from './duplicates-truth.ts';
import { fallsOf, find, madeDocuments, stepsOver } from './duplicates-units.ts';
import { hashesOf, made, runShards } from './made-units.ts';
import { runAll, testDir } from './run-steps.ts';

const random = new Random(8, 'steps');

function sentence(words: number): string {
  return Array.from({ length: words }, () => `mot${random.below(5000)}`).join(' ');
}

function similarityOf(a: string, b: string): number {
  const [left, right] = [runsOf(a), runsOf(b)];
  const common = left.intersection(right).size;
  return common / (left.size + right.size - common);
}

/** Of every document that falls: id → survivor's id. */
async function survivorsOf(documents: Document[], options: object = {}): Promise<Record<string, string>> {
  return Object.fromEntries((await find(documents, options)).map(({ id, survivor }) => [id, survivor]));
}

describe('who stays', () => {
  const text = sentence(200);
  const near = `${sentence(4)} ${text}`;

  test('the oldest, the undated last; then the freest licence; then by id', async () => {
    expect(
      await survivorsOf([made('s/a', text, { date: '2011' }), made('s/b', near, { date: '2010-12-31' })]),
    ).toEqual({
      's/a': 's/b',
    });
    expect(await survivorsOf([made('s/a', text, { date: '' }), made('s/b', near, { date: '2020' })])).toEqual(
      {
        's/a': 's/b',
      },
    );
    expect(
      await survivorsOf([
        made('s/a', text, { licence: 'CC-BY-SA-4.0' }),
        made('s/b', near, { licence: 'CC0-1.0' }),
        made('s/c', near, { licence: 'nobody knows' }),
      ]),
    ).toEqual({ 's/a': 's/b', 's/c': 's/b' });
    expect(await survivorsOf([made('s/b', text), made('s/a', near)])).toEqual({ 's/b': 's/a' });
  });

  test('across sources and languages', async () => {
    expect(
      await survivorsOf([
        made('s/a', text, { language: 'fr' }),
        made('t/b', near, { language: 'de' }),
        made('u/c', near, { language: 'en' }),
      ]),
    ).toEqual({ 't/b': 's/a', 'u/c': 's/a' });
  });

  test('word for word whatever the typography; the similarity is 1', async () => {
    const shouted = text.toUpperCase().replaceAll(' ', ' — ');
    const [one] = await find([made('s/a', text), made('s/b', shouted)]);
    expect(one).toMatchObject({ row: 1, id: 's/b', rule: 'exact-duplicate', survivor: 's/a', similarity: 1 });
  });

  test('near duplicates say how similar they are', async () => {
    const [one] = await find([made('s/a', text), made('s/b', near)]);
    expect(one).toMatchObject({ row: 1, rule: 'near-duplicate', survivor: 's/a' });
    expect(one!.similarity).toBeCloseTo(similarityOf(text, near), 12);
  });

  test('what a text repeats in itself counts once', async () => {
    const refrain = sentence(60);
    const song = [text, refrain, refrain, sentence(20), refrain].join(' ');
    const other = `${song} ${sentence(12)}`;
    const [one] = await find([made('s/a', song), made('s/b', other)]);
    expect(one!.similarity).toBeCloseTo(similarityOf(song, other), 12);
  });

  test('below the threshold both stay; at it one falls', async () => {
    const other = `${text.split(' ').slice(0, 190).join(' ')} ${sentence(10)}`;
    const threshold = similarityOf(text, other);
    const documents = [made('s/a', text), made('s/b', other)];
    expect(await survivorsOf(documents, { threshold })).toEqual({ 's/b': 's/a' });
    expect(await survivorsOf(documents, { threshold: threshold + 1e-9 })).toEqual({});
  });

  test('what repeats a document that falls has the survivor of that one', async () => {
    const found = await find([
      made('s/a', text, { date: '2000' }),
      made('s/b', near, { date: '2001' }),
      made('s/c', near, { date: '2002' }),
    ]);
    expect(found.map(({ id, rule, survivor }) => [id, rule, survivor])).toEqual([
      ['s/b', 'near-duplicate', 's/a'],
      ['s/c', 'exact-duplicate', 's/a'],
    ]);
  });

  test('a chain of small changes ends where it is no longer near a survivor', async () => {
    const words = sentence(300).split(' ');
    // Each step replaces another stretch: 0.93 to the step before, less and less to the first.
    const steps = Array.from({ length: 6 }, (_, step) =>
      words.map((word, i) => (i < 10 * step ? `pas${i}` : word)).join(' '),
    );
    const documents = steps.map((text, i) => made(`s/${i}`, text, { date: String(2000 + i) }));
    expect(similarityOf(steps[0]!, steps[5]!)).toBeLessThan(0.75);
    const survivors = await survivorsOf(documents);
    expect(survivors).toEqual(
      Object.fromEntries(
        [...trueFalls(documents, truePairs(documents, 0.8))].map((id) => [id, expect.any(String)]),
      ),
    );
    expect(Object.keys(survivors).length).toBeLessThan(5);
    for (const survivor of Object.values(survivors)) expect(survivors).not.toHaveProperty([survivor]);
  });

  test('the most similar survivor is named', async () => {
    const middle = `${text} ${sentence(30)}`;
    const [a, b] = [text.split(' ').slice(0, 190).join(' '), `${middle} ${sentence(8)}`];
    expect(similarityOf(a, b)).toBeLessThan(0.8);
    expect(similarityOf(a, middle)).toBeGreaterThan(0.8);
    expect(similarityOf(b, middle)).toBeGreaterThan(similarityOf(a, middle));
    expect(
      await survivorsOf([
        made('s/a', a, { date: '2000' }),
        made('s/b', b, { date: '2001' }),
        made('s/m', middle, { date: '2002' }),
      ]),
    ).toEqual({ 's/m': 's/b' });
  });
});

describe('unusual documents', () => {
  test('shorter than a run: alike only when equal', async () => {
    expect(
      await survivorsOf([
        made('s/a', 'Oui merci.'),
        made('s/b', 'oui, MERCI !'),
        made('s/c', 'merci oui'),
        made('s/d', 'oui merci bien'),
      ]),
    ).toEqual({ 's/b': 's/a' });
  });

  test('without any word: alike only when equal sign by sign', async () => {
    expect(
      await survivorsOf([
        made('s/a', ''),
        made('s/b', ''),
        made('s/c', '— … —'),
        made('s/d', '— —'),
        made('s/e', '— … —'),
      ]),
    ).toEqual({ 's/b': 's/a', 's/e': 's/c' });
  });

  test('without spaces: Chinese is compared by characters', async () => {
    const text = Array.from({ length: 300 }, () => String.fromCodePoint(0x4e00 + random.below(2000))).join(
      '',
    );
    const changed = `${text.slice(0, 150)}新${text.slice(151)}`;
    const [one] = await find([
      made('s/a', text, { language: 'zh' }),
      made('s/b', changed, { language: 'zh' }),
    ]);
    expect(one).toMatchObject({ rule: 'near-duplicate', survivor: 's/a' });
    expect(one!.similarity).toBeCloseTo(291 / 301, 12);
  });

  test('ids with quotes, line breaks and signs come back as they were', async () => {
    const text = sentence(50);
    const ids = ['s/a "1"', "s/b '2'", 's/c\n3', 's/d\\4', 's/é😀'];
    const found = await find(ids.map((id) => made(id, text)));
    expect(found.map(({ id }) => id)).toEqual(ids.slice(1));
    for (const { survivor } of found) expect(survivor).toBe(ids[0]);
  });

  test('no documents at all', async () => {
    expect(await find([])).toEqual([]);
  });
});

test('a page that stands there two thousand times with small changes falls two thousand times', async () => {
  const base = sentence(120).split(' ');
  const documents = Array.from({ length: 2000 }, (_, i) =>
    made(`s/${String(i).padStart(4, '0')}`, base.with(i % 120, `neuf${i}`).join(' ')),
  );
  const found = await find(documents);
  expect(found).toHaveLength(1999);
  expect(new Set(found.map(({ survivor }) => survivor))).toEqual(new Set(['s/0000']));
});

test('pairs in any order, in windows of any size', () => {
  const path = join(testDir(), 'pairs.bin');
  const writer = new BinaryWriter(path);
  // A chain 0 - 1 - 2 - 3 - … - 999 of which every other one falls; each pair twice, the last first.
  for (const _turn of [0, 1])
    for (let junior = 999; junior > 0; junior--) writer.write(Uint32Array.of(junior - 1, junior, 9, 10));
  writer.close();
  const file = new BinaryReader(path);
  for (const memoryBytes of [1, 200, 5000, 1e9]) {
    const falls = [...resolve([file], 1000, memoryBytes)];
    expect(falls.map(({ junior }) => junior)).toEqual(Array.from({ length: 500 }, (_, i) => 2 * i + 1));
    for (const { junior, survivor, similarity } of falls)
      expect([survivor, similarity]).toEqual([junior - 1, 0.9]);
  }
  file.close();
});

describe('a bucket', () => {
  const pairsOf = (members: number, similar: (a: number, b: number) => boolean) => {
    const seen: string[] = [];
    compareBucket(members, (a, b) => {
      expect(a).toBeLessThan(b);
      seen.push(`${a} ${b}`);
      return similar(a, b);
    });
    return seen;
  };

  test('of few members: every pair once', () => {
    const pairs = pairsOf(32, () => false);
    expect(pairs).toHaveLength((32 * 31) / 2);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  test('of many: each with the most senior ones, and with heads of its own kind', () => {
    // Two kinds by turns, of which the first begins long before the second.
    const kind = (i: number) => (i < 100 ? 0 : i % 2);
    const pairs = pairsOf(1000, (a, b) => kind(a) === kind(b));
    for (let i = 1; i < 1000; i++) expect(pairs).toContain(`0 ${i}`);
    // The first of the second kind resembles nobody before it, and all others of its kind meet it.
    for (let i = 103; i < 1000; i += 2) expect(pairs).toContain(`101 ${i}`);
    expect(pairs.length).toBeLessThan(18 * 1000);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  test('of many strangers: at most 64 comparisons a member', () => {
    expect(pairsOf(3000, () => false).length).toBeLessThanOrEqual(64 * 3000);
  });
});

describe('the same bytes', () => {
  const units = madeDocuments(1500, { seed: 3, words: 60, units: 7 });

  test('with 1, 3 and 8 shards, in little and in much memory', async () => {
    const steps = stepsOver(units);
    const [one, three, eight, little] = [testDir(), testDir(), testDir(), testDir()];
    await runAll(steps, one);
    await runShards(steps, 3, three);
    await runShards(steps, 8, eight);
    await runAll(steps, little, { memoryBytes: 20_000 });
    const expected = await hashesOf(one);
    expect(await hashesOf(three)).toEqual(expected);
    expect(await hashesOf(eight)).toEqual(expected);
    expect(await hashesOf(little)).toEqual(expected);
  });

  test('who falls does not depend on how documents are cut into units', async () => {
    const falls = async (parts: typeof units) =>
      fallsOf((await runAll(stepsOver(parts), testDir())).work)
        .map(({ id, survivor, rule, similarity }) => `${id} ${survivor} ${rule} ${similarity}`)
        .sort();
    const all = Object.values(units).flat();
    const expected = await falls({ all });
    expect(expected.length).toBeGreaterThan(200);
    expect(await falls(units)).toEqual(expected);
    expect(await falls({ a: all.slice(700).reverse(), b: all.slice(0, 700) })).toEqual(expected);
  });

  test('rows and units of the lines, and the table of clusters', async () => {
    const { work } = await runAll(stepsOver(units), testDir());
    const falls = fallsOf(work);
    const ids = new Set(falls.map(({ id }) => id));
    for (const { unit, row, id, survivor } of falls) {
      expect(units[unit]![row]!.id).toBe(id);
      expect(ids.has(survivor)).toBe(false);
    }
    const rows = falls.map(({ unit, row }) => `${unit} ${String(row).padStart(6, '0')}`);
    expect(rows).toEqual([...rows].sort());
    const dir = work.dir(layout.survivors.step, layout.survivors.unit);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const reader = await connection.runAndReadAll(
      `SELECT cluster, id, survivor, rule, similarity FROM read_parquet('${join(dir, layout.survivors.clusters)}')`,
    );
    const clusters = reader
      .getRowObjects()
      .map((row) => `${row.cluster} ${row.id} ${row.survivor} ${row.rule} ${row.similarity}`);
    connection.closeSync();
    expect(clusters.sort()).toEqual(
      falls.map((f) => `${f.survivor} ${f.id} ${f.survivor} ${f.rule} ${f.similarity}`).sort(),
    );
  });
});

test('against brute force: recall and precision of 4,000 documents with planted changes', async () => {
  const documents = Object.values(madeDocuments(4000, { seed: 5, words: 80, units: 1 })).flat();
  const pairs = truePairs(documents, 0.8);
  const expected = trueFalls(documents, pairs);
  const found = new Set((await find(documents)).map(({ id }) => id));
  expect(expected.size).toBeGreaterThan(400);
  expect(found.intersection(expected).size / expected.size).toBeGreaterThan(0.98);
  expect(found.intersection(expected).size / found.size).toBeGreaterThan(0.98);
});

test('another document elsewhere leaves finished signatures standing', async () => {
  const root = testDir();
  const [a, b] = [[made('s/a', sentence(50))], [made('s/b', sentence(50))]];
  await runAll(stepsOver({ a, b }), root);
  const steps = stepsOver({ a, b: [...b, made('s/c', a[0]!.text)] });
  const { made: count, work } = await runAll(steps, root);
  // `read` and `signatures` of b, then seniority, pairs and survivors.
  expect(count).toBe(5);
  expect(fallsOf(work)).toMatchObject([{ unit: 'b', row: 1, id: 's/c', survivor: 's/a' }]);
});

test('a file that was cut short is a clear error, not fewer duplicates', async () => {
  const text = sentence(100);
  const root = testDir();
  const steps = stepsOver({ unit: [made('s/a', text), made('s/b', `${text} fin`)] });
  const { work } = await runAll(steps.slice(0, 3), root);
  const sets = join(work.dir('signatures', 'unit'), 'sets.bin');
  truncateSync(sets, readFileSync(sets).length - 8);
  const context = {
    out: testDir(),
    units: (step: string) => work.units(step),
    dir: (step: string, unit: string) => work.dir(step, unit),
    progress: { start() {}, update() {}, end() {} },
    signal: new AbortController().signal,
    memoryBytes: 1e8,
  };
  const [unit] = await steps[3]!.units(work);
  await expect(steps[3]!.run(unit!, context)).rejects.toMatchObject({ code: 'DUPLICATES_DAMAGED' });
});

test('Ctrl-C stops every step', async () => {
  const root = testDir();
  const units = { unit: [made('s/a', sentence(50)), made('s/b', sentence(50))] };
  const steps = stepsOver(units);
  const { work } = await runAll(steps, root);
  for (const step of steps.slice(1)) {
    const aborted = AbortSignal.abort(new Error('stop'));
    const [unit] = await step.units(work);
    const context = {
      out: testDir(),
      units: (name: string) => work.units(name),
      dir: (name: string, of: string) => work.dir(name, of),
      progress: { start() {}, update() {}, end() {} },
      signal: aborted,
      memoryBytes: 1e8,
    };
    await expect(step.run(unit!, context), step.name).rejects.toThrow('stop');
  }
});

test('options: defaults find 99.7 % of pairs at 0.8, and every step names those that its bytes depend on', () => {
  const options = duplicatesShape.parse({});
  expect(options).toMatchObject({ shingle: 5, threshold: 0.8 });
  expect(1 - (1 - 0.8 ** options.rows) ** options.bands).toBeGreaterThan(0.997);
  const key = (more: object) =>
    duplicateSteps(duplicatesShape.parse(more)).map((step) => JSON.stringify(step.options));
  const [signatures, , pairs] = key({});
  expect(key({ bands: 14, rows: 8 })[0]).not.toBe(signatures);
  expect(key({ seed: 2 })[0]).not.toBe(signatures);
  expect(key({ shingle: 4 })[0]).not.toBe(signatures);
  expect(key({ threshold: 0.9 })[0]).toBe(signatures);
  expect(key({ threshold: 0.9 })[2]).not.toBe(pairs);
  expect(() => duplicatesShape.parse({ shingles: 5 })).toThrow();
});

test('seniority in the tests is the rule itself', () => {
  const documents = [
    made('s/b', '', { date: '' }),
    made('s/a', '', { date: '' }),
    made('s/c', '', { date: '1999' }),
  ];
  expect(bySeniority(documents)).toEqual([2, 1, 0]);
});

describe('a full disk', () => {
  // `/dev/full` takes every write and says that there is no room.
  test.skipIf(process.platform !== 'linux')('is told at once or at the end, never passed over', () => {
    const writer = new BinaryWriter('/dev/full');
    writer.write(new Uint8Array(10));
    expect(() => writer.close()).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    const many = new BinaryWriter('/dev/full');
    expect(() => many.write(new Uint8Array(3 << 20))).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    many.abandon();
  });

  test('nothing is lost between small, large and textual writes', () => {
    const path = join(testDir(), 'file');
    const writer = new BinaryWriter(path);
    const parts: Buffer[] = [];
    for (const size of [3, 1 << 20, 5, (1 << 20) - 4, 700_000, 700_000, 0, 1]) {
      const bytes = Buffer.alloc(size, size % 251);
      writer.write(bytes);
      writer.text('é😀\n');
      parts.push(bytes, Buffer.from('é😀\n'));
    }
    writer.text('ü'.repeat(2e6));
    writer.close();
    writer.abandon();
    expect(readFileSync(path).equals(Buffer.concat([...parts, Buffer.from('ü'.repeat(2e6))]))).toBe(true);
  });
});
