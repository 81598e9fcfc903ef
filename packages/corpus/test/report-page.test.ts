import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { CorpusReport } from '../src/report/corpus-report.ts';
import { languageName } from '../src/report/language-name.ts';
import { mask, maskedExcerpt, maskValue } from '../src/report/mask.ts';
import { renderReport } from '../src/report/page/page.ts';
import { bytesText, estimateText, percentText } from '../src/report/page/say.ts';
import { readReport } from '../src/report/read-report.ts';
import { ruleName } from '../src/report/rule-names.ts';
import { madeReport } from './made-corpus.ts';

let report: CorpusReport;
let page: string;

beforeAll(async () => {
  const { out, remove } = await madeReport();
  report = await readReport(join(out, 'report.json'));
  page = readFileSync(join(out, 'report.html'), 'utf8');
  remove();
});

test('text of the corpus stays text', () => {
  const hostile = `<script>alert(1)</script><img src=x onerror="alert(2)">'"&\u0000\ud800`;
  const poisoned = JSON.parse(
    JSON.stringify(report, (key, value: unknown) =>
      ['text', 'title', 'value', 'id', 'attribution', 'why', 'item', 'survivor'].includes(key) &&
      typeof value === 'string'
        ? hostile
        : value,
    ),
  ) as CorpusReport;
  poisoned.sources[0]!.homepage = 'javascript:alert(3)';
  poisoned.samples[0]!.url = 'javascript:alert(4)';
  const markup = renderReport(poisoned, { name: hostile });
  expect(markup).not.toMatch(/<script|<img/);
  expect(markup).not.toMatch(/href="javascript:/);
  expect(markup).toContain('&lt;script&gt;');
  expect(markup).not.toContain('\u0000');
});

test('nothing is fetched, nothing runs', () => {
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\ssrc=|\son[a-z]+=/);
});

test('every link inside the page leads somewhere, and every id is there once', () => {
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!);
  expect(new Set(ids).size).toBe(ids.length);
  const targets = [...page.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)].map(([, id]) => id!);
  expect(targets.length).toBeGreaterThan(30);
  for (const target of targets) expect(ids, target).toContain(target);
});

test('both languages say as much', () => {
  const count = (pattern: RegExp) => [...page.matchAll(pattern)].length;
  expect(count(/class="fr" lang="fr"/g)).toBe(count(/class="en" lang="en"/g));
  expect(count(/class="fr" lang="fr"/g)).toBeGreaterThan(100);
});

test('every rule that took something, and every sample of it, is shown', () => {
  const taken = report.rules.filter(({ removed }) => removed.documents > 0);
  expect(taken.length).toBeGreaterThan(7);
  for (const { rule, removed } of taken) {
    const shown = report.samples.filter((sample) => sample.rule === rule);
    expect(shown).toHaveLength(Math.min(20, removed.documents));
    expect(page).toContain(ruleName(rule).fr.replaceAll("'", '&#39;'));
  }
  expect([...page.matchAll(/<li><span class="no long">/g)].length).toBeGreaterThan(
    report.samples.length * 0.5,
  );
  expect(page).toContain('Le compte y est');
});

test('bars of the funnel stand end to end, from all that was read down to what is kept', () => {
  const funnel = page.slice(page.indexOf('<section aria-labelledby="funnel"'), page.indexOf('id="sources"'));
  const bars = [
    ...funnel.matchAll(/<rect class="(gone|held|kept)" x="([\d.]+)" y="0" width="([\d.]+)"/g),
  ].map(([, kind, x, width]) => ({ kind, from: Number(x), to: Number(x) + Number(width) }));
  // The first is all that was read.
  expect(bars[0]).toEqual({ kind: 'held', from: 0, to: 100 });
  for (let i = 2; i < bars.length; i++) expect(bars[i]!.to).toBeCloseTo(bars[i - 1]!.from, 1);
  expect(bars.at(-1)).toMatchObject({ kind: 'kept', from: 0 });
  expect(bars.at(-1)!.to).toBeCloseTo((100 * report.documents.documents) / report.read.documents, 1);
});

test('shares say of what they are shares, and kept means kept to train on', () => {
  const section = (id: string) =>
    page.split('<section aria-labelledby="').find((one) => one.startsWith(`${id}"`))!;
  for (const id of ['sources', 'languages', 'licences']) expect(section(id)).toContain('des octets');
  expect(section('mix')).toContain('des jetons');
  expect(section('mix')).not.toContain('of the bytes');
  const kept = percentText(report.documents.documents / report.read.documents, 'fr');
  const tile = page.slice(0, page.indexOf('gardés pour l’entraînement')).length;
  expect(page.slice(tile, tile + 400)).toContain(kept);
});

test('parts of training differ from parts of the tokens where epochs do', () => {
  const said = 'They differ here';
  expect(page).toContain(said);
  const even = structuredClone(report);
  for (const source of even.mix.sources) source.epochs = 2;
  expect(renderReport(even, { name: 'essai' })).not.toContain(said);
});

test('columns fit any width; the newest is named on a phone too', () => {
  const charts = [...page.matchAll(/<div class="plot">.*?<\/div>/gs)].map(([chart]) => chart);
  expect(charts).toHaveLength(2);
  for (const chart of charts) {
    expect(chart).not.toContain('viewBox');
    const names = [...chart.matchAll(/<text( class="roomy")? y="188" ([^>]*)>/g)];
    expect(names.filter(([, roomy]) => !roomy).length).toBeLessThanOrEqual(6);
    expect(names.length).toBeLessThanOrEqual(12);
    expect(names.at(-1)![1]).toBeUndefined();
    for (const [, , place] of names) {
      const at = Number(/x="([\d.]+)%"/.exec(place!)![1]);
      // Half a name is no wider than 8 % of a phone: a middle nearer to an edge would cut it off.
      if (place!.includes('middle')) expect(Math.abs(at - 50)).toBeLessThanOrEqual(42);
    }
    // Each name stands under its own column.
    const columns = [...chart.matchAll(/<rect class="kept" x="([\d.]+)%" y="[\d.]+" width="([\d.]+)%"/g)];
    for (const [, , place] of names) {
      const at = Number(/x="([\d.]+)%"/.exec(place!)![1]);
      const under = columns.filter(
        ([, x, width]) => at >= Number(x) - 0.02 && at <= Number(x) + Number(width) + 0.02,
      );
      expect(under).toHaveLength(1);
    }
  }
});

test('numbers as French and English write them', () => {
  expect(percentText(0.1234, 'fr')).toBe('12,3\u202f%');
  expect(percentText(0.1234, 'en')).toBe('12.3%');
  expect(percentText(0, 'en')).toBe('0%');
  expect(percentText(0.0004, 'en')).toBe('<\u00a00.1%');
  expect(percentText(0.9996, 'en')).toBe('>\u00a099.9%');
  expect(percentText(1, 'en')).toBe('100%');
  expect(bytesText(999, 'fr')).toBe('999\u00a0o');
  expect(bytesText(999_600, 'fr')).toBe('1\u00a0Mo');
  expect(bytesText(1_234_567, 'en')).toBe('1.2\u00a0MB');
  expect(bytesText(8.842e12, 'fr')).toBe('8,8\u00a0To');
  expect(estimateText(0, 'fr')).toBe('0');
  expect(estimateText(47_834, 'en')).toBe('47,800');
  expect(estimateText(2_314_900_000_000, 'en')).toBe('2.31\u00a0T');
  expect(estimateText(2_314_900_000_000, 'fr')).toBe('2,31\u00a0Bn');
  expect(estimateText(121_600_000_000, 'fr')).toBe('122\u00a0Md');
});

test('names of languages and rules', () => {
  expect(languageName('fr', 'fr')).toBe('français');
  expect(languageName('code:go', 'fr')).toBe('code go');
  expect(languageName('fr-en', 'en')).toBe('French – English');
  expect(languageName('not a language', 'en')).toBe('not a language');
  expect(ruleName('quality/top-3-gram').fr).toBe('une suite de 3 mots rabâchée');
  expect(ruleName('quality/duplicate-10-gram').en).toBe('repeated runs of 10 words');
  expect(ruleName('constructor')).toEqual({ fr: 'constructor', en: 'constructor', why: { fr: '', en: '' } });
});

test('what may be a mail address or a number of a person is covered', () => {
  expect(mask('à Jean.Dupont+x@mairie-lyon.fr, merci')).toBe('à •@•, merci');
  expect(mask('<a href="mailto:é.b@exemple.fr">')).toBe('<a href="mailto:•@•">');
  expect(mask('06 12 34 56 78')).toBe('•• •• •• •• ••');
  expect(mask('en 2019, 12 345 habitants')).toBe('en 2019, 12 345 habitants');
  expect(mask('2 85 05 78 006 084 36')).not.toMatch(/\d/);
  expect(mask('10.0.0.1')).toBe('••.•.•.•');
  expect(maskValue('0.34 > 0.3')).toBe('0.34 > 0.3');
  expect(maskValue('mmlu 3: call 0612345678')).toBe('mmlu 3: call ••••••••••');
  // The excerpt ends within an address: nothing of it shows.
  const text = `${'a '.repeat(45)}jeanne.martin@exemple.fr${' b'.repeat(200)}`;
  expect(maskedExcerpt(text.slice(0, 200), 100)).not.toContain('jeanne');
  expect(maskedExcerpt(`${'x'.repeat(90)} ${'jeanne'.repeat(30)}`.slice(0, 200), 100)).not.toContain(
    'jeanne',
  );
  expect(maskedExcerpt('court', 100)).toBe('court');
});
