import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Contamination } from '../src/layout.ts';
import { licences } from '../src/licences.ts';
import { writeDocuments } from '../src/parquet.ts';
import type { CorpusReport } from '../src/report/corpus-report.ts';
import { readReport } from '../src/report/read-report.ts';
import { reportFiles, reportStep } from '../src/report/report-step.ts';
import { whatIf } from '../src/report/what-if.ts';
import type { UnitContext } from '../src/steps/step.ts';
import { type MadeDocument, type MadeSource, madeDocument, makeUnits, smallCorpus } from './made-corpus.ts';

type Units = Parameters<typeof makeUnits>;

const source = (name: string, parts: MadeDocument[][], facts: Partial<MadeSource> = {}): MadeSource => ({
  source: name,
  origin: { local: name },
  attribution: `Les auteurs de ${name}`,
  homepage: '',
  parts,
  ...facts,
});

async function runStep(
  sources: readonly MadeSource[],
  context: UnitContext,
  seed = 1,
): Promise<CorpusReport> {
  const facts = sources.map(({ parts: _, category: _c, epochs: _e, pii: _p, ...rest }) => rest);
  const step = reportStep({ name: 'essai', sources: facts, seed });
  const [unit] = await step.units(context);
  await step.run(unit!, context);
  return readReport(join(context.out, reportFiles.json));
}

async function reportOf(sources: readonly MadeSource[], opts: Units[1] & { seed?: number } = {}) {
  const { seed, ...rest } = opts;
  const context = await makeUnits(sources, rest);
  return { context, report: await runStep(sources, context, seed) };
}

const csvOf = (context: UnitContext, name: string) =>
  readFileSync(join(context.out, `${name}.csv`), 'utf8').split('\r\n');

/** Two sources, one of them in two parts; every figure below was counted by hand. ASCII: a character is a byte. */
const twoSources = (): MadeSource[] => [
  source(
    'lois',
    [
      [
        madeDocument('lois/1', { text: 'a'.repeat(100), date: '2019-03-02' }),
        madeDocument('lois/2', { text: 'b'.repeat(50), title: 'Titre', date: '2021' }),
        madeDocument('lois/3', { text: 'c'.repeat(30), fate: 'read/language', value: 'en' }),
      ],
      [
        madeDocument('lois/4', { text: 'd'.repeat(40), fate: 'held-out' }),
        madeDocument('lois/5', {
          text: `${'e'.repeat(20)}Menu. Accueil.`,
          stripped: 'Menu. Accueil.',
          date: '',
        }),
        madeDocument('lois/6', {
          text: 'a'.repeat(100),
          fate: 'apply/exact-duplicate',
          survivor: 'lois/1',
          date: '2020',
        }),
        madeDocument('lois/7', { text: 'f'.repeat(10), fate: 'select/source-cap', value: '500' }),
      ],
    ],
    { pii: { email: 2, phone: 0 } },
  ),
  source('code', [
    [
      madeDocument('code/1', {
        text: 'g'.repeat(200),
        language: 'code:go',
        licence: 'GPL-3.0-or-later',
        date: '2023',
      }),
      madeDocument('code/2', {
        text: 'h'.repeat(8),
        language: 'code:go',
        licence: 'MIT',
        fate: 'read/too-short',
      }),
    ],
  ]),
];

test('every document and byte is counted once: read = removed + changed + held out + kept', async () => {
  const { report } = await reportOf(twoSources());
  const [lois, code] = report.sources;
  // 100 + (5 + 2 + 50) + 30 + 40 + 34 + 100 + 10
  expect(lois!.read).toEqual({ documents: 7, bytes: 371 });
  expect(lois!.removed).toEqual({
    language: { documents: 1, bytes: 30 },
    'exact-duplicate': { documents: 1, bytes: 100 },
    'source-cap': { documents: 1, bytes: 10 },
  });
  expect(lois!.changed).toEqual({ boilerplate: { documents: 1, bytes: 14 } });
  expect(lois!.heldOut).toEqual({ documents: 1, bytes: 40 });
  expect(lois!.kept).toEqual({ documents: 3, bytes: 177 });
  expect(lois!.unaccounted).toEqual({ documents: 0, bytes: 0 });
  expect(code!.unaccounted).toEqual({ documents: 0, bytes: 0 });
  expect(report.read).toEqual({ documents: 9, bytes: 579 });
  expect(report.documents).toEqual({ documents: 4, bytes: 377 });
  expect(report.heldOut).toEqual({ documents: 1, bytes: 40 });
  // Rules about one document, then those about all, in the order in which they are asked.
  expect(report.rules.map(({ rule }) => rule)).toEqual([
    'language',
    'too-short',
    'exact-duplicate',
    'boilerplate',
    'source-cap',
  ]);
  expect(report.rules[3]).toEqual({
    rule: 'boilerplate',
    removed: { documents: 0, bytes: 0 },
    changed: { documents: 1, bytes: 14 },
  });
});

test('a document that vanished, or came from nowhere, shows', async () => {
  const sources = twoSources();
  const context = await makeUnits(sources);
  await writeDocuments(join(context.dir('write', 'code'), 'documents.parquet'), []);
  const extra = madeDocument('lois/8', { text: 'z'.repeat(5) });
  await writeDocuments(join(context.dir('write', 'lois'), 'heldout.parquet'), [
    madeDocument('lois/4', { text: 'd'.repeat(40) }),
    extra,
  ]);
  const report = await runStep(sources, context);
  expect(report.sources.map(({ unaccounted }) => unaccounted)).toEqual([
    { documents: -1, bytes: -5 },
    { documents: 1, bytes: 200 },
  ]);
  expect(readFileSync(join(context.out, 'report.html'), 'utf8')).toContain('Le compte n’y est pas');
  expect(csvOf(context, 'funnel')).toContain('code,unaccounted,,1,200');
});

test('composition: cells add up to languages, licences, years, sources', async () => {
  const { report, context } = await reportOf(twoSources());
  // 100 + 57 + 20 bytes of French at 4.26 bytes a token: 23.47 + 13.38 + 4.69; 200 bytes of code at 2.9: 68.97.
  expect(report.languages).toEqual({
    'code:go': { documents: 1, bytes: 200, share: 0.530504, tokens: 69 },
    fr: { documents: 3, bytes: 177, share: 0.469496, tokens: 42 },
  });
  expect(report.tokens).toBe(111);
  // Rounded once: the same tokens in every table.
  const { mix } = report;
  expect(report.tokens).toBe(mix.tokens);
  expect(report.sources.map(({ tokens }) => tokens)).toEqual(mix.sources.map(({ tokens }) => tokens));
  expect(whatIf(report, {}).before).toMatchObject({ tokens: mix.tokens, trainedTokens: mix.trainedTokens });
  expect(report.licences['etalab-2.0']).toEqual({ ...report.languages.fr, ...licences['etalab-2.0'] });
  expect(Object.keys(report.years).sort()).toEqual(['', '2019', '2021', '2023']);
  expect(report.years['']!.bytes).toBe(20);
  expect(report.sources[0]).toMatchObject({
    dates: { first: '2019-03-02', last: '2021' },
    languages: ['fr'],
    licences: ['etalab-2.0'],
    share: 0.469496,
  });
  expect(csvOf(context, 'composition')).toEqual([
    'split,source,language,licence,year,documents,bytes,estimated_tokens',
    'train,code,code:go,GPL-3.0-or-later,2023,1,200,69',
    'train,lois,fr,etalab-2.0,,1,20,5',
    'train,lois,fr,etalab-2.0,2019,1,100,23',
    'train,lois,fr,etalab-2.0,2021,1,57,13',
    'held-out,lois,fr,etalab-2.0,2024,1,40,9',
    '',
  ]);
});

test('absent sources say why; personal data is counted by kind', async () => {
  const absent = source('wesnoth', [], { absent: 'no Debian here' });
  const { report } = await reportOf([...twoSources(), absent]);
  expect(report.absent).toEqual([{ source: 'wesnoth', why: 'no Debian here' }]);
  expect(report.sources.map((one) => one.source)).toEqual(['lois', 'code']);
  expect(report.personalData).toEqual({ lois: { email: 2, phone: 0 } });
});

test('samples: twenty of each rule, drawn among all by the seed, whatever the parts', async () => {
  const refused = Array.from({ length: 60 }, (_, i) =>
    madeDocument(`web/${String(i).padStart(2, '0')}`, { fate: 'read/language', value: 'en' }),
  );
  const few = Array.from({ length: 3 }, (_, i) => madeDocument(`web/c${i}`, { fate: 'select/source-cap' }));
  const draw = async (parts: MadeDocument[][], seed: number) => {
    const { report } = await reportOf([source('web', parts)], { seed });
    return report.samples.filter(({ rule }) => rule === 'language').map(({ id }) => id);
  };
  const { report } = await reportOf([source('web', [[...refused, ...few]])]);
  expect(report.samples.map(({ rule }) => rule)).toEqual([
    ...Array(20).fill('language'),
    ...Array(3).fill('source-cap'),
  ]);
  const one = await draw([[...refused, ...few]], 1);
  expect(new Set(one).size).toBe(20);
  expect(one.toSorted()).not.toEqual(refused.slice(0, 20).map(({ id }) => id));
  // From everywhere: not all of the twenty are of one half.
  const later = one.filter((id) => id >= 'web/30').length;
  expect(later).toBeGreaterThan(3);
  expect(later).toBeLessThan(17);
  expect(await draw([refused.slice(30).reverse(), [...refused.slice(0, 30), ...few]], 1)).toEqual(one);
  expect(await draw([[...refused, ...few]], 2)).not.toEqual(one);
});

test('personal data of refused documents does not come back in any file', async () => {
  const text =
    'Write to jeanne.martin@exemple.fr, call 06 12 34 56 78 or +33.6.12.34.56.78, pay to FR76 3000 6000 0112 3456 7890 189, from 192.168.12.34. ';
  const long = `${'mot '.repeat(122)}paul.durand@exemple.fr et la suite de ce long texte`;
  const { context } = await reportOf([
    source('web', [
      [
        madeDocument('web/contact-anne@exemple.fr', {
          text,
          title: 'Tel 0612345678',
          url: 'https://exemple.fr/?mail=anne@exemple.fr',
          fate: 'read/language',
          value: 'near marie@exemple.fr 06-12-34-56-78',
        }),
        madeDocument('web/2', { text: long, fate: 'read/language', value: '120000 > 100000' }),
        madeDocument('web/3', { text, title: 'De luc@exemple.fr' }),
        madeDocument('web/4', { text, fate: 'apply/exact-duplicate', survivor: 'web/3' }),
      ],
    ]),
  ]);
  for (const name of readdirSync(context.out)) {
    const content = readFileSync(join(context.out, name), 'utf8');
    expect(content, name).not.toMatch(/jeanne|martin|durand|anne@|marie@|luc@|paul\./);
    expect(content, name).not.toMatch(/12.?34.?56.?78|3000.?6000|168\.12/);
  }
  const { samples } = await readReport(join(context.out, 'report.json'));
  // A figure that a rule measured is no telephone number.
  expect(samples.find(({ id }) => id === 'web/2')!.value).toBe('120000 > 100000');
  expect(samples.find(({ id }) => id === 'web/2')!.characters).toBe(long.length);
});

test('duplicates: clusters by size, similarities in hundredths, which source repeats which', async () => {
  const near = (id: string, survivor: string, similarity: number) =>
    madeDocument(id, { fate: 'apply/near-duplicate', survivor, similarity });
  const { report, context } = await reportOf([
    source('lois', [
      [
        madeDocument('lois/1', { title: 'La loi', text: 'Article premier.' }),
        near('lois/2', 'lois/1', 0.81),
        near('lois/3', 'lois/1', 0.999),
        madeDocument('lois/4', { text: 'Seule.' }),
      ],
    ]),
    source('web', [
      [
        near('web/1', 'lois/1', 0.8199),
        madeDocument('web/2', { fate: 'apply/exact-duplicate', survivor: 'lois/4' }),
        madeDocument('web/3', { fate: 'select/exact-duplicate', value: 'lois/4', survivor: 'lois/4' }),
        // An id that comes twice: the second repeats the first.
        madeDocument('lois/4', { fate: 'select/exact-duplicate', value: 'lois/4', survivor: 'lois/4' }),
        madeDocument('web/4', { fate: 'select/source-cap', value: '500' }),
      ],
    ]),
  ]);
  const { duplicates } = report;
  expect(duplicates.clusters).toBe(2);
  expect(duplicates.removed).toEqual({ 'exact-duplicate': 3, 'near-duplicate': 3 });
  // The funnel counts as many.
  for (const [rule, count] of Object.entries(duplicates.removed))
    expect(report.rules.find((one) => one.rule === rule)!.removed.documents).toBe(count);
  expect(duplicates.sizes).toEqual([{ from: 4, to: 5, clusters: 2 }]);
  expect(duplicates.similarities).toEqual([
    { from: 0.81, documents: 2 },
    { from: 0.99, documents: 1 },
  ]);
  expect(duplicates.between).toEqual([
    { source: 'lois', survivor: 'lois', documents: 3 },
    { source: 'web', survivor: 'lois', documents: 3 },
  ]);
  expect(duplicates.biggest).toEqual([
    {
      survivor: 'lois/1',
      title: 'La loi',
      text: 'Article premier.',
      bytes: 24,
      documents: 4,
      members: [
        { id: 'lois/3', rule: 'near-duplicate', similarity: 0.999 },
        { id: 'web/1', rule: 'near-duplicate', similarity: 0.8199 },
        { id: 'lois/2', rule: 'near-duplicate', similarity: 0.81 },
      ],
    },
    expect.objectContaining({ survivor: 'lois/4', documents: 4 }),
  ]);
  expect(csvOf(context, 'clusters')[1]).toBe('lois/1,La loi,4,lois/3,near-duplicate,0.999');
});

test('contamination by benchmark and source', async () => {
  const hit = (row: number, id: string, benchmark: string, item: string): Contamination => ({
    ...{ row, id, benchmark, item },
    words: 'treize mots',
  });
  const fate = 'apply/contamination';
  const { report, context } = await reportOf(
    [
      source('lois', [[madeDocument('lois/1', { fate }), madeDocument('lois/2', { fate })]]),
      source('web', [[madeDocument('web/1', { fate })]]),
    ],
    {
      benchmarks: [
        { name: 'mmlu', items: 100, usable: 90 },
        { name: 'arc', items: 10, usable: 10 },
      ],
      hits: {
        lois: [hit(0, 'lois/1', 'mmlu', '4'), hit(0, 'lois/1', 'mmlu', '5'), hit(1, 'lois/2', 'mmlu', '4')],
        web: [hit(0, 'web/1', 'mmlu', '4')],
      },
    },
  );
  expect(report.contamination).toMatchObject([
    {
      ...{ name: 'mmlu', items: 100, usable: 90, found: 2, dropped: 3 },
      sources: [
        { source: 'lois', found: 2, dropped: 2 },
        { source: 'web', found: 1, dropped: 1 },
      ],
    },
    { name: 'arc', found: 0, dropped: 0, sources: [] },
  ]);
  expect(csvOf(context, 'contamination')).toEqual([
    'benchmark,items,usable_items,source,items_found,documents_removed',
    'mmlu,100,90,lois,2,2',
    'mmlu,100,90,web,1,1',
    '',
  ]);
});

test('tables: quotes, line ends and what a spreadsheet would run', async () => {
  const { context } = await reportOf([
    source('web', [
      [
        madeDocument('web/1', {
          title: '=HYPERLINK("https://exemple.fr")',
          text: 'un "mot",\nune ligne',
          fate: 'read/language',
        }),
      ],
    ]),
  ]);
  const text = readFileSync(join(context.out, 'rejected-samples.csv'), 'utf8');
  expect(text).toContain(`"'=HYPERLINK(""https://exemple.fr"")",19,"un ""mot"",\nune ligne"\r\n`);
});

test('the same units give the same bytes; nothing else is left in the folder', async () => {
  const bytes = async () => {
    const { sources, hits, benchmarks } = smallCorpus();
    const { context } = await reportOf(sources, { hits, benchmarks });
    expect(existsSync(join(context.out, 'spill'))).toBe(false);
    return readdirSync(context.out)
      .sort()
      .map((name) => [name, readFileSync(join(context.out, name), 'utf8')]);
  };
  const first = await bytes();
  expect(first.map(([name]) => name)).toEqual(
    [...reportFiles.csv, reportFiles.json, reportFiles.html].sort(),
  );
  expect(await bytes()).toEqual(first);
});

test('a corpus of which nothing is left has a report too', async () => {
  const { report, context } = await reportOf([
    source('vide', [[madeDocument('vide/1', { fate: 'read/language' })], []]),
  ]);
  expect(report.documents).toEqual({ documents: 0, bytes: 0 });
  expect(readFileSync(join(context.out, 'report.html'), 'utf8')).not.toMatch(/NaN|undefined|Infinity/);
});

test('a report of another format is refused with what to do', async () => {
  const { context } = await reportOf(twoSources());
  await expect(readReport(join(context.out, 'funnel.csv'))).rejects.toThrow(
    expect.objectContaining({ code: 'REPORT_DAMAGED' }),
  );
  await expect(readReport(join(context.out, 'nothing.json'))).rejects.toThrow(
    expect.objectContaining({ code: 'REPORT_DAMAGED' }),
  );
});
