import { expect, test } from 'vitest';
import type { Cell, CorpusReport } from '../src/report/corpus-report.ts';
import { whatIf } from '../src/report/what-if.ts';

const cell = (source: string, fields: Partial<Cell>): Cell => ({
  source,
  heldOut: false,
  language: 'fr',
  licence: 'etalab-2.0',
  year: '2020',
  documents: 10,
  bytes: 400,
  tokens: 100,
  ...fields,
});

/** What `whatIf` reads of a report: epochs, names of sources, cells. */
function reportOf(composition: Cell[], epochs: Record<string, number>): CorpusReport {
  const names = Object.keys(epochs);
  return {
    sources: names.map((source) => ({ source })),
    absent: [{ source: 'wesnoth', why: 'no Debian here' }],
    mix: { sources: names.map((source) => ({ source, epochs: epochs[source] })) },
    composition,
  } as unknown as CorpusReport;
}

const report = reportOf(
  [
    cell('lois', {}),
    cell('lois', { year: '', documents: 1, bytes: 40, tokens: 10 }),
    cell('lois', { heldOut: true, documents: 2 }),
    cell('dialogues', { licence: 'CC-BY-NC-SA-4.0', language: 'en', year: '1999' }),
    cell('dialogues', { licence: 'CC0-1.0', language: 'en', heldOut: true, documents: 5 }),
    cell('code', { licence: 'GPL-2.0-only', language: 'code:go', year: '2023' }),
    cell('code', { licence: 'CC0-1.0', language: 'code:c', year: '2021' }),
  ],
  { lois: 2, dialogues: 1, code: 0.5 },
);

test('nothing wished, nothing falls', () => {
  const result = whatIf(report, {});
  expect(result.after).toEqual(result.before);
  expect(result.fallen).toEqual([]);
  // 110 × 2 + 100 + 200 × 0.5
  expect(result.before).toEqual({ documents: 41, bytes: 1640, tokens: 410, trainedTokens: 420 });
  expect(result.heldOutBefore).toBe(7);
  expect(result.languages.map(({ name }) => name)).toEqual(['fr', 'code', 'en']);
});

test.each([
  // By the licences' own summaries: NC forbids selling; all but CC0 ask for the name; SA and GPL for the same licence.
  ['commercial', ['dialogues CC-BY-NC-SA-4.0']],
  ['attribution-free', ['lois etalab-2.0', 'code GPL-2.0-only', 'dialogues CC-BY-NC-SA-4.0']],
  ['no-share-alike', ['code GPL-2.0-only', 'dialogues CC-BY-NC-SA-4.0']],
  ['open', ['dialogues CC-BY-NC-SA-4.0']],
] as const)('licences that allow %s', (use, lost) => {
  const { fallen, before, after } = whatIf(report, { uses: [use] });
  expect(fallen.every(({ reason }) => reason === 'licence')).toBe(true);
  expect(fallen.map(({ what }) => what).sort()).toEqual(lost.map((one) => one.split(' ')[1]).sort());
  const gone = fallen.reduce((sum, one) => sum + one.lost.bytes, 0);
  expect(after.bytes).toBe(before.bytes - gone);
});

test('epochs weigh sources and languages, before and after', () => {
  const { sources, languages, after, heldOutAfter } = whatIf(report, { uses: ['commercial'] });
  expect(after.trainedTokens).toBe(320);
  expect(sources.map(({ name, shareBefore, shareAfter }) => [name, shareBefore, shareAfter])).toEqual([
    ['lois', 0.52381, 0.6875],
    ['dialogues', 0.238095, 0],
    ['code', 0.238095, 0.3125],
  ]);
  expect(languages.find(({ name }) => name === 'en')!.after.documents).toBe(0);
  // Held-out documents are judged by their own licence.
  expect(heldOutAfter).toBe(7);
});

test('without a source, one language, certain years: all that is named must hold', () => {
  expect(whatIf(report, { without: ['lois', 'wesnoth'] }).after.documents).toBe(30);
  expect(whatIf(report, { languages: ['fr'] }).after.documents).toBe(11);
  expect(whatIf(report, { languages: ['code'] }).after.documents).toBe(20);
  expect(whatIf(report, { languages: ['code:go', 'en'] }).after.documents).toBe(20);
  // Whoever asks for years must know them: the undated document falls.
  expect(whatIf(report, { sinceYear: 2020 }).after.documents).toBe(30);
  expect(whatIf(report, { untilYear: 2020 }).after.documents).toBe(20);
  expect(whatIf(report, { sinceYear: 2021, untilYear: 2022 }).after.documents).toBe(10);
  expect(whatIf(report, { sinceYear: 2021, untilYear: 2021 }).after.documents).toBe(10);
  expect(whatIf(report, { sinceYear: 2021 }).fallen).toContainEqual({
    ...{ reason: 'year', what: 'unknown' },
    lost: { documents: 1, bytes: 40, tokens: 10, trainedTokens: 20 },
  });
  const years = whatIf(report, { sinceYear: 2021, untilYear: 2022 }).fallen;
  expect(years.map(({ what }) => what).sort()).toEqual(['after 2022', 'before 2021', 'unknown']);
  const both = whatIf(report, { uses: ['commercial'], without: ['dialogues'], sinceYear: 2022 });
  expect(both.after.documents).toBe(10);
  expect(both.fallen.filter(({ reason }) => reason === 'licence')).toEqual([]);
});

test('what the corpus does not hold is refused by name', () => {
  expect(() => whatIf(report, { without: ['loi'] })).toThrow(
    expect.objectContaining({ code: 'WISH_UNKNOWN', exitCode: 2, message: expect.stringContaining('lois') }),
  );
  expect(() => whatIf(report, { languages: ['br'] })).toThrow(/language br/);
});

test('years that end before they begin are wrong use, not an empty corpus', () => {
  expect(() => whatIf(report, { sinceYear: 2022, untilYear: 2021 })).toThrow(
    expect.objectContaining({
      code: 'WISH_IMPOSSIBLE',
      exitCode: 2,
      message: expect.stringContaining('2022'),
    }),
  );
});
