import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { matchesIn } from '../src/opt-out/matches-in.ts';
import { openConnection, partsOf, quoted, readDocuments, readRejected } from '../src/parquet.ts';
import type { CorpusReport } from '../src/report/corpus-report.ts';
import { buildCorpus } from './build-corpus.ts';
import { testDir } from './run-steps.ts';

const random = new Random(7, 'final');
const word = () => `mot${random.below(5000).toString(36)}`;
const sentence = () => `La ${Array.from({ length: 14 }, word).join(' ')}.`;
const sentences = (count: number) => Array.from({ length: count }, sentence);

/** Runs of five words. */
function runs(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.map((_, i) => words.slice(i, i + 5).join(' ')));
}

function similarity(a: Set<string>, b: Set<string>): number {
  return a.intersection(b).size / a.union(b).size;
}

test('what is held out is near no text that is trained on, also without the menus around them', async () => {
  // Every text stands twice, under two menus as long as itself, with a sentence changed: unlike until they are gone.
  const menus = Array.from({ length: 6 }, () => sentences(10));
  const rows = Array.from({ length: 150 }, (_, i) => {
    const core = sentences(14);
    return [0, 1].map((k) => ({
      ...{ id: `${i}-${k}`, date: `20${10 + k}` },
      text: [...menus[(i + 3 * k) % 6]!, ...core.with(3, sentence())].join('\n'),
    }));
  }).flat();
  const run = await buildCorpus(testDir(), { a: rows }, { heldOutFraction: 0.1 });
  const read = async (name: string) =>
    (await Array.fromAsync(readDocuments(join(run, name)))).map(({ text }) => runs(text));
  const [train, heldOut] = [await read('documents.parquet'), await read('heldout.parquet')];
  expect(heldOut.length).toBeGreaterThan(5);
  for (const one of heldOut)
    expect(Math.max(...train.map((other) => similarity(one, other)))).toBeLessThan(0.8);
  // Each of the six menus stays where it stood first, and those six pages are unlike their twins.
  expect(train.length + heldOut.length).toBe(156);

  const rejected = await Array.fromAsync(readRejected(join(run, 'rejected.parquet')));
  expect(rejected).toHaveLength(144);
  expect(rejected.every(({ id, reason }) => id.endsWith('-1') && reason === 'near-duplicate')).toBe(true);
  expect(rejected[0]!.value).toMatch(/^0\.[89]\d\d a\/\d+-0$/);
  // The groups of the report are those of the funnel.
  const report = JSON.parse(readFileSync(join(run, 'report.json'), 'utf8')) as CorpusReport;
  expect(report.duplicates).toMatchObject({ clusters: 144, removed: { 'near-duplicate': 144 } });
  expect(report.rules.find(({ rule }) => rule === 'near-duplicate')!.removed.documents).toBe(144);
});

test('a group of the first pass whose survivor falls in the second is one with that of the document that stays', async () => {
  const menus = [sentences(10), sentences(10)];
  // Older than the three, so that the menus stay elsewhere.
  const others = Array.from({ length: 40 }, (_, i) => ({
    ...{ id: `other-${i}`, date: '1990' },
    text: [...menus[i % 2]!, ...sentences(12)].join('\n'),
  }));
  const core = sentences(14);
  const [oldest, page] = menus.map((menu) => [...menu, ...core].join('\n')) as [string, string];
  const rows = [
    { id: 'oldest', date: '2001', text: oldest },
    { id: 'page', date: '2002', text: page },
    { id: 'copy', date: '2003', text: page },
  ];
  const run = await buildCorpus(testDir(), { a: [...rows, ...others] });
  const connection = await openConnection();
  const files = (await partsOf(join(run, 'clusters.parquet'))).map(quoted).join(', ');
  const result = await connection.database.runAndReadAll(
    `SELECT cluster, id, survivor, rule, pass FROM read_parquet([${files}])`,
  );
  connection.close();
  const short = (id: unknown) => String(id).split(/[/#]/).at(-1);
  expect(
    result
      .getRows()
      .map(([cluster, id, survivor, rule, pass]) => [...[cluster, id, survivor].map(short), ...[rule, pass]]),
  ).toEqual([
    ['oldest', 'copy', 'page', 'exact-duplicate', 1],
    ['oldest', 'page', 'oldest', 'exact-duplicate', 2],
  ]);
  const report = JSON.parse(readFileSync(join(run, 'report.json'), 'utf8')) as CorpusReport;
  expect(report.duplicates).toMatchObject({ clusters: 1, removed: { 'exact-duplicate': 2 } });
  expect(report.duplicates.biggest[0]).toMatchObject({ documents: 3 });
  // An opt-out takes out the copies of the first pass alone: a build looks for them before repeated lines are gone.
  const taken = async (id: string) => {
    const { training, heldOut } = await matchesIn(run, { id, since: '2026-01-01' });
    return training.documents + heldOut.documents;
  };
  expect([await taken('a/page'), await taken('a/oldest')]).toEqual([0, 1]);
});

test('what the first pass missed by chance has another chance', async () => {
  const rows = Array.from({ length: 100 }, (_, i) => {
    const core = sentences(14);
    return [0, 1].map((k) => ({ id: `${i}-${k}`, text: core.with(3, sentence()).join('\n') }));
  }).flat();
  // A pair at 0.84 shares one of two bands with probability 0.58, then again.
  const run = await buildCorpus(testDir(), { a: rows }, { duplicates: { bands: 2 } });
  const rejected = await Array.fromAsync(readRejected(join(run, 'rejected.parquet')));
  expect(rejected.length).toBeGreaterThan(70);
  expect(rejected.length).toBeLessThan(95);
});

test('programs that differ in their signs alone all stay', async () => {
  const program = (sign: string) =>
    Array.from({ length: 30 }, (_, i) => `let value${i} = first${i} ${sign} second${i};`).join('\n');
  const rows = ['+', '-', '<'].map((sign, i) => ({ id: String(i), text: program(sign) }));
  const run = await buildCorpus(
    testDir(),
    { code: rows },
    { heldOutFraction: 0 },
    { language: 'code:javascript' },
  );
  expect(await Array.fromAsync(readDocuments(join(run, 'documents.parquet')))).toHaveLength(3);
});
