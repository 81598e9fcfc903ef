import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyStep } from '../src/apply/apply-step.ts';
import { ByRow } from '../src/apply/by-row.ts';
import { boilerplateStep } from '../src/boilerplate/boilerplate-step.ts';
import { linesStep } from '../src/boilerplate/lines-step.ts';
import { boilerplateShape } from '../src/boilerplate/options.ts';
import { contaminationReport } from '../src/contamination/contamination-report.ts';
import { contaminationStep } from '../src/contamination/contamination-step.ts';
import { contaminationShape } from '../src/contamination/options.ts';
import { corpusSteps } from '../src/corpus-steps.ts';
import { type Document, documentBytes } from '../src/document.ts';
import type { Funnel } from '../src/funnel.ts';
import { layout } from '../src/layout.ts';
import { refusedOf } from '../src/opt-out/opt-out-step.ts';
import { corpusOptions } from '../src/options.ts';
import { openConnection, quoted, readDocuments, readRejected } from '../src/parquet.ts';
import { localSource } from '../src/sources/files/local-source.ts';
import type { Work } from '../src/steps/work.ts';
import { hashesOf, made, madeSteps, optOutSteps, type Refused, runShards, type Units } from './made-units.ts';
import { runAll, testDir } from './run-steps.ts';

const repeated = 'Cette phrase de plus de soixante caractères se lit au bas de toutes les pages du site.';
const question =
  'Combien de wagons rouges le petit train de la vallée tire-t-il quand il monte au col en hiver ?';

function benchmarkIn(dir: string): string {
  const path = join(dir, 'quiz.jsonl');
  writeFileSync(path, `${JSON.stringify({ question: 'Non ?' })}\n${JSON.stringify({ question })}\n`);
  return path;
}

function steps(
  units: Units,
  opts: {
    twins?: Record<string, string>;
    optOuts?: unknown[];
    benchmark?: string;
    refused?: Refused;
    minimumCharacters?: Record<string, number>;
  } = {},
) {
  const boilerplate = boilerplateShape.parse({ maximumDocuments: 2 });
  const benchmarks = opts.benchmark ? [{ name: 'quiz', path: opts.benchmark }] : [];
  return [
    ...madeSteps(units, opts.twins, opts.refused),
    contaminationStep(contaminationShape.parse({ benchmarks })),
    ...optOutSteps(opts.optOuts),
    linesStep(boilerplate),
    boilerplateStep(boilerplate, 2),
    applyStep({ minimumCharacters: opts.minimumCharacters ?? { a: 40, b: 40 }, boilerplate }),
  ];
}

async function resultOf(work: Work, unit: string) {
  const dir = work.dir(layout.apply.step, unit);
  return {
    documents: await Array.fromAsync(readDocuments(join(dir, layout.apply.documents))),
    rejected: await Array.fromAsync(readRejected(join(dir, layout.apply.rejected))),
    funnel: JSON.parse(readFileSync(join(dir, layout.apply.funnel), 'utf8')) as Funnel,
    index: await indexOf(join(dir, layout.apply.index)),
  };
}

async function indexOf(path: string) {
  const connection = await openConnection();
  const result = await connection.database.runAndReadAll(`SELECT * FROM read_parquet(${quoted(path)})`);
  const rows = result.getRowObjectsJson();
  connection.close();
  return rows;
}

const own = (n: number) => `Le document numéro ${n} dit quelque chose que nul autre ne dit, à sa manière.`;
const since = '2026-03-01';

describe('the rules over all documents', () => {
  const units: Units = {
    a: [
      made('a/kept', own(1), { title: 'Un' }),
      made('a/repeats-kept', `${own(2)}`),
      made('a/quiz', `${own(3)}\n\n${question.toUpperCase()}`),
      made('a/oldest', `${own(4)}\n\n${repeated}`, { date: '1999' }),
      made('a/shorter', `${own(5)}\n\n${repeated}`),
      made('a/nothing-left', `Page 3\n\n${repeated}`),
    ],
    b: [
      made('b/site', own(6), { url: 'https://www.refus.fr/a' }),
      made('b/twin-of-site', own(7)),
      made('b/all-at-once', `${question}\n\n${repeated}`, { url: 'https://blog.refus.fr/b', title: 'Tu' }),
      made('b/twin-and-quiz', question),
    ],
    empty: [],
  };
  const twins = { 'a/repeats-kept': 'a/kept', 'b/site': 'b/twin-of-site', 'b/twin-and-quiz': 'a/kept' };

  let work: Work;
  const dir = mkdtempSync(join(tmpdir(), 'lucie-apply-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  beforeAll(async () => {
    const benchmark = benchmarkIn(dir);
    const optOuts = [{ domain: 'refus.fr', since }];
    ({ work } = await runAll(steps(units, { twins, optOuts, benchmark }), join(dir, 'work')));
  });

  test('each document has one fate, by the first rule that it breaks', async () => {
    const [a, b, empty] = [
      await resultOf(work, 'a'),
      await resultOf(work, 'b'),
      await resultOf(work, 'empty'),
    ];
    expect(a.documents).toEqual([units.a![0], units.a![3], { ...units.a![4], text: own(5) }]);
    const refused = (result: typeof a) => result.rejected.map(({ id, reason, value }) => [id, reason, value]);
    const words = 'combien de wagons rouges le petit train de la vallee tire t il';
    expect(refused(a)).toEqual([
      ['a/repeats-kept', 'near-duplicate', '0.900 a/kept'],
      ['a/quiz', 'contamination', `quiz 2: ${words}`],
      ['a/nothing-left', 'boilerplate', '6 of 94 characters left'],
    ]);
    expect(refused(b)).toEqual([
      ['b/site', 'opt-out', 'domain refus.fr since 2026-03-01'],
      ['b/twin-of-site', 'opt-out', 'same text as b/site'],
      ['b/all-at-once', 'opt-out', 'domain refus.fr since 2026-03-01'],
      ['b/twin-and-quiz', 'near-duplicate', '0.900 a/kept'],
    ]);
    expect(b.documents).toEqual([]);
    expect([empty.documents, empty.rejected, empty.index]).toEqual([[], [], []]);
  });

  test('a refused document is kept with its text, one that has opted out without', async () => {
    const { rejected } = await resultOf(work, 'a');
    expect(rejected[1]).toEqual({ ...units.a![2], reason: 'contamination', value: rejected[1]!.value });
    const { rejected: out } = await resultOf(work, 'b');
    expect(out[2]).toEqual({
      ...made('b/all-at-once', '', { licence: '', language: '', date: '' }),
      ...{ reason: 'opt-out', value: 'domain refus.fr since 2026-03-01' },
    });
  });

  test('every document and byte of the funnel is accounted for', async () => {
    for (const unit of ['a', 'b', 'empty']) {
      const { funnel, documents } = await resultOf(work, unit);
      const removed = Object.values(funnel.removed);
      const changed = Object.values(funnel.changed).reduce((sum, { bytes }) => sum + bytes, 0);
      expect(funnel.read).toEqual({
        documents: units[unit]!.length,
        bytes: units[unit]!.reduce((sum, document) => sum + documentBytes(document), 0),
      });
      expect(funnel.kept.bytes).toBe(documents.reduce((sum, document) => sum + documentBytes(document), 0));
      expect(removed.reduce((sum, { documents }) => sum + documents, funnel.kept.documents)).toBe(
        funnel.read.documents,
      );
      expect(removed.reduce((sum, { bytes }) => sum + bytes, funnel.kept.bytes) + changed).toBe(
        funnel.read.bytes,
      );
      expect(Object.keys(funnel.removed)).toEqual([
        ...['opt-out', 'exact-duplicate', 'near-duplicate', 'contamination', 'boilerplate'],
      ]);
    }
    const { funnel } = await resultOf(work, 'a');
    expect(funnel.changed).toEqual({
      boilerplate: { documents: 1, bytes: Buffer.byteLength(`\n\n${repeated}`) },
    });
    expect(funnel.counts).toEqual({ contamination: { quiz: 1 } });
  });

  test('the index tells of each document that stays what the selection needs', async () => {
    const { index, documents } = await resultOf(work, 'a');
    expect(index).toEqual(
      documents.map((document, row) => ({
        ...{ row: String(row), id: document.id, source: 'a', licence: 'CC0-1.0', language: 'fr' },
        ...{ date: document.date, bytes: String(documentBytes(document)) },
      })),
    );
    expect(index).toHaveLength(3);
  });

  test('the report names each benchmark with what there was, what was found, and what fell', async () => {
    const report = await contaminationReport(work, (unit) => unit);
    expect(report).toEqual([
      {
        ...{ name: 'quiz', items: 2, usable: 1, found: 1, dropped: 1 },
        sources: [
          { source: 'a', found: 1, dropped: 1 },
          { source: 'b', found: 1, dropped: 0 },
        ],
        most: [{ item: '2', documents: 3 }],
      },
    ]);
  });
});

test('the text of an opt-out falls wherever it stands: from survivor to duplicates, across units', async () => {
  const units: Units = {
    a: [made('a/1', own(1)), made('a/2', own(2)), made('a/3', own(3))],
    b: [made('b/1', own(4)), made('b/2', own(5))],
    c: [made('c/1', own(6))],
  };
  const twins = { 'b/1': 'a/1', 'c/1': 'a/1', 'b/2': 'a/2' };
  const root = testDir();
  const fates = async (id: string) => {
    const { work } = await runAll(steps(units, { twins, optOuts: [{ id, since }] }), root);
    const all = await Promise.all(Object.keys(units).map((unit) => resultOf(work, unit)));
    return all.flatMap(({ rejected }) =>
      rejected.filter(({ reason }) => reason === 'opt-out').map(({ id }) => id),
    );
  };
  expect(await fates('a/1')).toEqual(['a/1', 'b/1', 'c/1']);
  expect(await fates('c/1')).toEqual(['a/1', 'b/1', 'c/1']);
  expect(await fates('b/2')).toEqual(['a/2', 'b/2']);
  expect(await fates('a/3')).toEqual(['a/3']);
  expect(await fates('d/1')).toEqual([]);
});

test('what the step read has refused of an opt-out loses its text too, and nothing else changes', async () => {
  const refused = {
    a: [
      {
        ...made('a/5', 'Mon texte.', { url: 'https://refus.fr', title: 'Moi' }),
        reason: 'language',
        value: 'Mon',
      },
      { ...made('a/6', 'Autre.'), reason: 'language', value: 'en 0.9' },
    ],
    b: [{ ...made('b/5', 'Autre.'), reason: 'language', value: 'en 0.9' }],
  };
  const units = { a: [made('a/1', own(1))], b: [] };
  const optOuts = [{ domain: 'refus.fr', since }];
  const { work } = await runAll(steps(units, { refused, optOuts }));
  const left = made('a/5', '', { licence: '', language: '', date: '' });
  expect(await Array.fromAsync(readRejected(refusedOf(work, 'a')))).toEqual([
    { ...left, reason: 'language', value: 'domain refus.fr since 2026-03-01' },
    refused.a[1],
  ]);
  expect(refusedOf(work, 'b')).toBe(join(work.dir(layout.read.step, 'b'), layout.read.rejected));
});

test('what the step read has refused loses its text where it is that of an opt-out, wherever both stand', async () => {
  const text = `${own(1)} Zyxwalda !`;
  const refused = (id: string, text: string, more: Partial<Document> = {}) => ({
    ...{ ...made(id, text, { title: 'Zyxwalda', ...more }), reason: 'language', value: 'Zyxwalda 0.9' },
  });
  const units = {
    a: [made('a/1', text, { url: 'https://refus.fr/1' }), made('a/2', own(2))],
    b: [made('b/1', own(3)), made('b/2', own(4))],
  };
  const names = { title: '', licence: '', language: '', date: '' };
  const blank = (id: string, why: string) => ({ ...made(id, '', names), reason: 'language', value: why });
  const other = refused('a/6', own(5));
  const nothing = refused('b/7', '', { url: 'https://refus.fr/nothing' });
  const another = refused('b/8', '');
  const opts = {
    refused: {
      a: [refused('a/5', text.toUpperCase().replace('!', '…')), other],
      // Refused where the opt-out names it: copies of it fall among those that stand and those refused.
      b: [refused('b/5', own(3), { url: 'https://refus.fr/5' }), refused('b/6', own(3)), nothing, another],
      c: [refused('c/5', own(6), { url: 'https://refus.fr/6' })],
      d: [refused('d/5', own(6))],
      e: [refused('e/5', own(4))],
    },
    optOuts: [{ domain: 'refus.fr', since }],
  };
  const { work } = await runAll(steps({ ...units, c: [], d: [], e: [] }, opts));
  const left = (unit: string) => Array.fromAsync(readRejected(refusedOf(work, unit)));
  expect(await left('a')).toEqual([blank('a/5', 'same text as a/1'), other]);
  expect(await left('b')).toEqual([
    blank('b/5', 'domain refus.fr since 2026-03-01'),
    blank('b/6', 'same text as b/1'),
    blank('b/7', 'domain refus.fr since 2026-03-01'),
    another,
  ]);
  expect(await left('c')).toEqual([blank('c/5', 'domain refus.fr since 2026-03-01')]);
  expect(await left('d')).toEqual([blank('d/5', 'same text as c/5')]);
  expect(refusedOf(work, 'e')).toBe(join(work.dir(layout.read.step, 'e'), layout.read.rejected));
  const { documents, rejected } = await resultOf(work, 'b');
  expect(documents).toEqual([units.b[1]]);
  expect(rejected.map(({ id, reason, value, text }) => [id, reason, value, text])).toEqual([
    ['b/1', 'opt-out', 'same text as b/5', ''],
  ]);
});

test('near copies of an opt-out fall also where they hang on no survivor of it', async () => {
  // Runs of 5 words of which some are replaced: S ~ A ~ D, but S and D are too far apart.
  const words = Array.from({ length: 400 }, (_, i) => `mot${i}`);
  const change = (text: string[], from: number, count: number, by: string) =>
    text.map((word, i) => (i >= from && i < from + count ? `${by}${i}` : word));
  const [s, a] = [words, change(words, 0, 35, 'a')];
  const d = change(a, 200, 35, 'd');
  const units = {
    a: [made('a/1', a.join(' '), { date: '2005' }), made('a/2', change(d, 100, 60, 'e').join(' '))],
    b: [made('b/s', s.join(' '), { date: '2000' }), made('b/d', d.join(' '), { date: '2006' })],
    c: [made('c/copy-of-d', `${d.join(' ')} !`, { date: '2007' }), made('c/other', own(1))],
  };
  const root = testDir();
  // As the step `survivors` decides: A hangs on S, D stands.
  const twins = { 'a/1': 'b/s', 'c/copy-of-d': 'b/d' };
  const fates = async (...ids: string[]) => {
    const optOuts = ids.map((id) => ({ id, since }));
    const { work } = await runAll(steps(units, { twins, optOuts }), root);
    const all = await Promise.all(Object.keys(units).map((unit) => resultOf(work, unit)));
    return all.flatMap(({ rejected }) =>
      rejected.filter(({ reason }) => reason === 'opt-out').map(({ id, value }) => `${id} ${value}`),
    );
  };
  const same = 'same text as';
  const named = (id: string) => `${id} id ${id} since ${since}`;
  expect(await fates('a/1')).toEqual([
    ...[named('a/1'), `b/s ${same} a/1`, `b/d ${same} a/1`, `c/copy-of-d ${same} a/1`],
  ]);
  expect(await fates('c/copy-of-d')).toEqual([
    ...[`a/1 ${same} c/copy-of-d`, `b/d ${same} c/copy-of-d`, named('c/copy-of-d')],
  ]);
  expect(await fates('c/other')).toEqual([named('c/other')]);
});

test('a line of an opt-out stays with whoever else holds it', async () => {
  const units = {
    a: [1, 2, 3].map((n) => made(`a/${n}`, `${own(n)}\n\n${repeated}`, { date: `200${n}` })),
  };
  const { work } = await runAll(steps(units, { optOuts: [{ id: 'a/1', since }] }));
  expect((await resultOf(work, 'a')).documents).toEqual(units.a.slice(1));
});

test('a source has its own least number of characters', async () => {
  const rest = 'x'.repeat(59);
  const units = {
    a: ['', rest, `${rest}y`].map((text, i) => made(`a/${i}`, `${text}\n\n${repeated}`.trim())),
    b: [made('b/1', `${rest}\n\n${repeated}`, { date: '2021' })],
  };
  const { work } = await runAll(steps(units, { minimumCharacters: { a: 60, b: 59 } }));
  expect((await resultOf(work, 'a')).rejected.map(({ id, value }) => [id, value])).toEqual([
    ['a/1', `59 of ${59 + 2 + repeated.length} characters left`],
  ]);
  expect((await resultOf(work, 'b')).documents.map(({ text }) => text)).toEqual([rest]);
});

test('the corpus gives each source its own least number, and looks at opt-outs before it counts lines', () => {
  const folder = testDir();
  writeFileSync(join(folder, 'a.txt'), own(1));
  const source = (name: string, rules = {}) => ({
    ...localSource(folder, { source: name, licence: 'CC0-1.0', language: 'fr' }),
    rules,
  });
  const options = corpusOptions.parse({
    sources: [
      source('a', { minimumCharacters: 1000 }),
      source('b', { minimumCharacters: false }),
      source('c'),
    ],
    rules: { minimumCharacters: 77 },
  });
  const all = corpusSteps(options, { cacheDir: testDir(), name: 'essai' });
  expect(all.find(({ name }) => name === 'apply')!.options).toMatchObject({
    minimumCharacters: { a: 1000, b: 1, c: 77 },
  });
  const names = all.map(({ name }) => name);
  expect(names.slice(names.indexOf('contamination'), names.indexOf('apply') + 1)).toEqual([
    ...['contamination', 'opt-out', 'opt-out-fallen', 'opt-out-by-unit', 'lines', 'boilerplate', 'apply'],
  ]);
});

test('40 characters left are a document, 39 are none; a short document without boilerplate is not asked', async () => {
  const rest = 'x'.repeat(39);
  const texts = [repeated, `${rest}\n\n${repeated}`, `${rest}y\n\n${repeated}`, 'court'];
  const units = { a: texts.map((text, i) => made(`a/${i}`, text)) };
  const { work } = await runAll(steps(units));
  const { documents, rejected } = await resultOf(work, 'a');
  expect(documents.map(({ text }) => text)).toEqual([repeated, `${rest}y`, 'court']);
  expect(rejected.map(({ id }) => id)).toEqual(['a/1']);
});

test('1 shard and 5, of which some have nothing to do, give the same bytes', async () => {
  const random = new Random(7, 'apply');
  const units: Units = Object.fromEntries(
    Array.from({ length: 3 }, (_, u) => [
      `u${u}`,
      Array.from({ length: random.below(30) }, (_, i) =>
        made(
          `u${u}/${i}`,
          [own(random.below(60)), repeated, question].slice(0, 1 + random.below(3)).join('\n'),
        ),
      ),
    ]),
  );
  const benchmark = benchmarkIn(testDir());
  const all: Record<string, string>[] = [];
  for (const shards of [1, 5]) {
    const root = testDir();
    await runShards(steps(units, { benchmark, optOuts: [{ id: 'u1/1', since }] }), shards, root);
    all.push(await hashesOf(join(root, layout.apply.step)));
  }
  expect(Object.keys(all[0]!)).toHaveLength(3 * 5);
  expect(all[1]).toEqual(all[0]);
});

test('rows are found beside documents, several or none for each', async () => {
  async function* items() {
    for (const [row, word] of [
      [1, 'a'],
      [1, 'b'],
      [4, 'c'],
    ] as const)
      yield { row, word };
  }
  const beside = new ByRow(items());
  const found: string[] = [];
  for (let row = 0; row < 6; row++) found.push((await beside.at(row)).map(({ word }) => word).join(''));
  expect(found).toEqual(['', 'ab', '', '', 'c', '']);
});
