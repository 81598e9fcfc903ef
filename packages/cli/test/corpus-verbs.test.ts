import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CorpusReport, WhatIf } from '@lucie/corpus';
import { projectRoot } from '@lucie/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { madeReport } from '../../corpus/test/made-corpus.ts';

let runs: string;

beforeAll(async () => {
  runs = mkdtempSync(join(tmpdir(), 'lucie-cli-corpus-'));
  const { out, remove } = await madeReport();
  mkdirSync(join(runs, 'nano'), { recursive: true });
  cpSync(out, join(runs, 'nano', '01-corpus'), { recursive: true });
  remove();
});

afterAll(() => rmSync(runs, { recursive: true, force: true }));

function corpus(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      join(projectRoot, 'lucie'),
      ['corpus', ...args],
      { env: { ...process.env, LUCIE_RUNS: runs }, maxBuffer: 64 << 20 },
      (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

test('report: a screenful by default, with the way to the page', async () => {
  const { code, out } = await corpus('report', 'nano');
  expect(code).toBe(0);
  expect(out).toMatch(/^\d+ documents to train on: \d+ kB, about [\d,]+ tokens \(an estimate\)\n/);
  for (const text of ['- exact duplicate', '= to train on', 'fiches', 'French', 'etalab-2.0', 'wesnoth: '])
    expect(out).toContain(text);
  expect(out.trimEnd().endsWith('01-corpus/report.html')).toBe(true);
  expect(out.split('\n').length).toBeLessThan(60);
});

test('report --json ends with the whole, --csv is a table', async () => {
  const { out } = await corpus('report', 'nano', '--json');
  const report = JSON.parse(out.trimEnd().split('\n').at(-1)!) as CorpusReport;
  expect(report.format).toBe(2);
  expect((await corpus('report', 'nano', '--csv')).out).toMatch(/^source,what,rule,documents,bytes\r\n/);
  expect((await corpus('report', 'nano', '--csv', 'composition')).out).toMatch(/^split,source,language,/);
  const wrong = await corpus('report', 'nano', '--csv', 'compositions');
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('composition');
});

test('what-if tells what is left and what falls away, as a table and as JSON', async () => {
  const { code, out } = await corpus('what-if', 'nano', '--licence', 'commercial');
  expect(code).toBe(0);
  expect(out).toContain('nano with licences that allow: commercial');
  expect(out).toMatch(/dialogues +[\d,]+ +0 +0% +[\d.]+% +0%/);
  expect(out).toContain('licence CC-BY-NC-SA-4.0');
  // Sources that lose nothing are counted, not listed.
  expect(out).not.toMatch(/^ +fiches/m);
  expect(out).toMatch(/^ {2}\d+ others: unchanged$/m);
  const json = await corpus('what-if', 'nano', '--licence', 'commercial', 'no-share-alike', '--json');
  const result = JSON.parse(json.out.trimEnd().split('\n').at(-1)!) as WhatIf;
  expect(result.wish).toEqual({ uses: ['commercial', 'no-share-alike'] });
  expect(result.sources.filter(({ after }) => after.documents === 0).map(({ name }) => name)).toEqual([
    'manuels',
    'dialogues',
  ]);
});

test('what-if says first that nothing falls away, and lists nothing', async () => {
  const { code, out } = await corpus('what-if', 'nano', '--since-year', '1');
  expect(code).toBe(0);
  const { out: all } = await corpus('what-if', 'nano', '--without', 'wesnoth');
  expect(all.split('\n')[2]).toMatch(/^Nothing falls away: [\d,]+ documents to train on/);
  expect(all).not.toContain('Sources');
  // Undated documents fall where years are asked for.
  expect(out).toContain('year unknown');
});

test('what-if without a source, one language, certain years', async () => {
  const args = ['--without', 'go-source', '--language', 'fr', '--since-year', '2010', '--until-year', '2020'];
  const { out } = await corpus('what-if', 'nano', ...args, '--json');
  const result = JSON.parse(out.trimEnd().split('\n').at(-1)!) as WhatIf;
  expect(result.wish).toEqual({
    ...{ without: ['go-source'], languages: ['fr'] },
    ...{ sinceYear: 2010, untilYear: 2020 },
  });
  expect(result.after.documents).toBeGreaterThan(0);
  expect(result.after.documents).toBeLessThan(result.before.documents);
});

test.each([
  [['what-if', 'nano', '--licence', 'comercial'], 'commercial'],
  [['what-if', 'nano', '--without', 'fiche'], 'fiches'],
  [['what-if', 'nano', '--since-year', 'soon'], 'whole number'],
  [['what-if', 'nano', '--since-year', '2021', '--until-year', '2020'], '2021'],
  [['report', 'nano', '--csv', '--json'], '--json'],
  [['what-iff', 'nano'], 'what-if'],
])('wrong use %j: exit code 2 and what was expected', async (args, expected) => {
  const { code, err } = await corpus(...args);
  expect(code).toBe(2);
  expect(err).toContain(expected);
});

test('a corpus that was never made: exit code 1 and what to do', async () => {
  for (const verb of ['report', 'what-if']) {
    const { code, err } = await corpus(verb, 'micro');
    expect(code).toBe(1);
    expect(err).toContain('./lucie make micro --until corpus');
  }
});
