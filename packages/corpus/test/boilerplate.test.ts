import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { boilerplateStep } from '../src/boilerplate/boilerplate-step.ts';
import { boilerplateLayout } from '../src/boilerplate/layout.ts';
import { linesStep } from '../src/boilerplate/lines-step.ts';
import { linesToStrip } from '../src/boilerplate/lines-to-strip.ts';
import { boilerplateShape } from '../src/boilerplate/options.ts';
import { lineHashes, stripLines } from '../src/boilerplate/sentence-lines.ts';
import { contaminationStep } from '../src/contamination/contamination-step.ts';
import { contaminationShape } from '../src/contamination/options.ts';
import type { Document } from '../src/document.ts';
import type { Work } from '../src/steps/work.ts';
import { hashesOf, made, madeSteps, optOutSteps, runShards, type Units } from './made-units.ts';
import { runAll, testDir } from './run-steps.ts';

const line = (n: number | string) =>
  `La phrase numéro ${n} est assez longue pour compter parmi celles que tout le monde répète.`;
const options = boilerplateShape.parse({ maximumDocuments: 2 });

function steps(
  units: Units,
  opts: { twins?: Record<string, string>; linesPerUnit?: number; optOuts?: unknown[] } = {},
) {
  return [
    ...madeSteps(units, opts.twins),
    contaminationStep(contaminationShape.parse({})),
    ...optOutSteps(opts.optOuts),
    linesStep(options),
    boilerplateStep(options, opts.linesPerUnit),
  ];
}

/** Lines that each document loses, by id. */
async function losses(units: Units, opts: Parameters<typeof steps>[1] = {}) {
  const { work } = await runAll(steps(units, opts));
  return lossesOf(units, work);
}

async function lossesOf(units: Units, work: Work): Promise<Record<string, number[]>> {
  const lost: Record<string, number[]> = {};
  for (const [unit, documents] of Object.entries(units)) {
    const context = { ...contextOf(work), out: testDir() };
    for await (const { row, hash } of linesToStrip(unit, context))
      (lost[documents[row]!.id] ??= []).push(hash);
  }
  return lost;
}

function contextOf(work: Work) {
  return {
    ...{
      units: (step: string) => work.units(step),
      dir: (step: string, unit: string) => work.dir(step, unit),
    },
    ...{ progress: { start() {}, update() {}, end() {} }, signal: new AbortController().signal },
    memoryBytes: 200e6,
  };
}

const [hash] = lineHashes(made('a/1', line(1)), 60);

describe('lines', () => {
  test('a sentence of 60 characters is one, whatever its typography; labels, lists, tables, headings are none', () => {
    const yes = [line(1), line(1).toUpperCase(), line(1).replaceAll(' ', '\u00a0'), `« ${line(1)} »`];
    const no = [
      line(1).replace('.', ' :'),
      `- ${line(1)}`,
      `| ${line(1)} | non.`,
      line(1).slice(-59),
      line(1).slice(0, -1),
    ];
    for (const text of yes) expect([...lineHashes(made('a/1', text), 60)], text).toEqual([hash]);
    for (const text of no) expect([...lineHashes(made('a/1', text), 60)], text).toEqual([]);
  });

  test('60 characters are enough, 59 are not', () => {
    const text = `${'mot '.repeat(14)}fin`;
    expect(`${text}.`).toHaveLength(60);
    expect(lineHashes(made('a/1', `${text}.`), 60).size).toBe(1);
    expect(lineHashes(made('a/1', `${text.slice(0, -1)}.`), 60).size).toBe(0);
  });

  test('code keeps its lines', () => {
    expect(lineHashes(made('a/1', line(1), { language: 'code:go' }), 60).size).toBe(0);
  });

  test('a line goes wherever it stands; what is left has no gaps; without any the text is the same string', () => {
    const text = `Titre\n\n${line(1)}\n\n${line(2)}\n${line(1)}`;
    expect(stripLines(text, new Set([hash!]), 60)).toBe(`Titre\n\n${line(2)}`);
    expect(stripLines(text, new Set([12]), 60)).toBe(text);
    expect(stripLines(line(1), new Set([hash!]), 60)).toBe('');
  });
});

describe('lines in too many documents', () => {
  const dated = (id: string, date: string, text = line(1)) => made(id, text, { date });

  test('two documents may share a line; of three the oldest keeps it, an undated one is the youngest', async () => {
    expect(await losses({ a: [dated('a/1', '2021'), dated('a/2', '2020')] })).toEqual({});
    const units = {
      a: [dated('a/1', ''), dated('a/2', '2021-05')],
      b: [dated('b/1', '2021'), dated('b/2', '2022')],
    };
    expect(await losses(units)).toEqual({ 'a/1': [hash], 'a/2': [hash], 'b/2': [hash] });
  });

  test('of the same date the first id keeps it', async () => {
    const units = { a: [dated('a/2', '2020'), dated('a/3', '2020')], b: [dated('a/1', '2020')] };
    expect(Object.keys(await losses(units))).toEqual(['a/2', 'a/3']);
  });

  test('a line twice in a document counts once', async () => {
    const twice = `${line(1)}\n${line(1)}`;
    expect(await losses({ a: [dated('a/1', '2020', twice), dated('a/2', '2020', twice)] })).toEqual({});
  });

  test('duplicates neither count nor keep', async () => {
    const units = {
      a: [dated('a/1', '2019'), dated('a/2', '2020'), dated('a/3', '2021')],
      b: [dated('b/1', '2022')],
    };
    expect(await losses(units, { twins: { 'a/1': 'a/2', 'a/3': 'a/2' } })).toEqual({});
    expect(await losses(units, { twins: { 'a/1': 'a/2' } })).toEqual({ 'a/3': [hash], 'b/1': [hash] });
  });

  test('documents that opt-outs take out neither count nor keep', async () => {
    const own = (n: number) => `${line(1)}\n\n${line(100 + n)}\n\n${'chose '.repeat(40 + n)}`;
    const units = {
      a: [1, 2, 3].map((n) => dated(`a/${n}`, `201${n}`, own(n))),
      b: [dated('b/1', '2022', own(4))],
    };
    const out = (...ids: string[]) => ({ optOuts: ids.map((id) => ({ id, since: '2026-03-01' })) });
    expect(Object.keys(await losses(units))).toEqual(['a/2', 'a/3', 'b/1']);
    expect(Object.keys(await losses(units, out('a/1')))).toEqual(['a/3', 'b/1']);
    expect(await losses(units, out('a/1', 'b/1'))).toEqual({});
  });
});

/** Documents of random lines out of few, in units of several sizes. */
function manyUnits(seed: number): Units {
  const random = new Random(seed, 'boilerplate');
  const units: Units = {};
  for (const [u, size] of [0, 40, 1, 90, 25].entries()) {
    units[`unit-${u}`] = Array.from({ length: size }, (_, i) => {
      const lines = Array.from({ length: 1 + random.below(5) }, () => line(random.below(120)));
      return made(`s${u}/${i}`, lines.join('\n'), { date: ['', '2020', '2021-02'][random.below(3)]! });
    });
  }
  return units;
}

/** The same by definition: every pair of line and document in memory. */
function byDefinition(units: Units): Record<string, number[]> {
  const all = Object.values(units).flat();
  const key = ({ date, id }: Document) => `${date || '9999'} ${id}`;
  const holders = new Map<number, Document[]>();
  for (const document of all)
    for (const hash of lineHashes(document, 60)) holders.set(hash, [...(holders.get(hash) ?? []), document]);
  const lost: Record<string, number[]> = {};
  for (const [hash, documents] of holders) {
    if (documents.length <= 2) continue;
    const [kept] = documents.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
    for (const { id } of documents) if (id !== kept!.id) lost[id] = [...(lost[id] ?? []), hash];
  }
  return lost;
}

const sorted = (lost: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(lost).map(([id, hashes]) => [id, hashes.toSorted((a, b) => a - b)]));

test('as by definition, whether hashes are cut into 1 part or 10', async () => {
  const units = manyUnits(3);
  const expected = sorted(byDefinition(units));
  expect(Object.keys(expected).length).toBeGreaterThan(50);
  expect(sorted(await losses(units))).toEqual(expected);
  const { work } = await runAll(steps(units, { linesPerUnit: 50 }));
  expect(work.units(boilerplateLayout.boilerplate.step)).toHaveLength(10);
  expect(sorted(await lossesOf(units, work))).toEqual(expected);
});

test('1, 3 and 8 shards give the same bytes', async () => {
  const units = manyUnits(4);
  const all: Record<string, string>[] = [];
  for (const shards of [1, 3, 8]) {
    const root = testDir();
    await runShards(steps(units, { linesPerUnit: 200 }), shards, root);
    all.push(await hashesOf(root));
  }
  expect(Object.keys(all[0]!).length).toBeGreaterThan(30);
  expect(all[1]).toEqual(all[0]);
  expect(all[2]).toEqual(all[0]);
});

test('another limit of documents leaves the lines standing', async () => {
  const units = manyUnits(5);
  const root = testDir();
  await runAll(steps(units), root);
  const other = [...steps(units).slice(0, -1), boilerplateStep({ ...options, maximumDocuments: 9 })];
  expect(await runAll(other, root)).toMatchObject({ made: 1 });
  const counts = join(root, boilerplateLayout.lines.step, 'unit-1', boilerplateLayout.lines.counts);
  expect(JSON.parse(readFileSync(counts, 'utf8')).lines).toBeGreaterThan(40);
});
