import { describe, expect, test } from 'vitest';
import * as cleaning from '../../../recipes/lucie-7b/cleaning.ts';
import { createRules } from '../src/clean/rules/create-rules.ts';
import { type RulesInput, rulesShape } from '../src/clean/rules/rules-shape.ts';
import { documentOf, outcome, rulesOf } from './rules-helpers.ts';

const names = (options: RulesInput) => createRules(rulesShape.parse(options)).map(({ name }) => name);

describe('which rules there are', () => {
  test('packaged text needs its language checked and a length', () => {
    expect(names({})).toEqual(['language', 'page-breaks', 'too-short']);
    expect(rulesShape.parse({})).toMatchObject({
      language: { minimumLetters: 30, minimumShare: 0.7, tolerance: 0.97 },
      minimumCharacters: 40,
    });
  });

  test('all of them in the order of the original, personal data last', () => {
    const on: RulesInput = {
      minimumWords: 1,
      counters: {},
      dialogue: {},
      mojibake: {},
      pdfCid: {},
      rights: { accepted: ['x'] },
      authorDeath: { year: 2024 },
      gutenberg: {},
      pageNoise: {},
      ocr: {},
      ocrScore: {},
      badWords: {},
      case: {},
      duplicateNgrams: {},
      topNgrams: {},
      wordsWithoutLetter: {},
      ellipsisLines: {},
      bulletLines: {},
      symbols: {},
      meanWordLength: {},
      words: {},
      loremIpsum: {},
      braces: {},
      sentences: {},
      languageScore: {},
      perplexity: {},
      languages: { keep: ['fr'] },
      overlap: { keywords: {} },
      urlWords: { words: ['x'] },
    };
    const pii = { name: 'pii', apply: documentOf };
    const rules = createRules(rulesShape.parse(on), { pii: { ...pii, apply: (document) => document } });
    expect(rules.map(({ name }) => name)).toEqual([
      'url/words',
      'url/overlap',
      'languages',
      'language',
      'quality/perplexity',
      'quality/language-score',
      'quality/sentences',
      'quality/braces',
      'quality/lorem-ipsum',
      'quality/words',
      'quality/mean-word-length',
      'quality/symbols',
      'quality/bullet-lines',
      'quality/ellipsis-lines',
      'quality/words-without-letter',
      'quality/top-2-gram',
      'quality/top-3-gram',
      'quality/top-4-gram',
      'quality/duplicate-5-gram',
      'quality/duplicate-6-gram',
      'quality/duplicate-7-gram',
      'quality/duplicate-8-gram',
      'quality/duplicate-9-gram',
      'quality/duplicate-10-gram',
      'quality/uppercase',
      'quality/sentence-ends',
      'bad-words',
      'ocr/score',
      'ocr/noise',
      'page-noise',
      'page-breaks',
      'gutenberg',
      'author-death',
      'rights',
      'pdf-cid',
      'mojibake',
      'dialogue',
      'counters',
      'too-few-words',
      'too-short',
      'pii',
    ]);
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });

  test('a rule that is false is not there', () => {
    expect(rulesOf({})).toHaveLength(1);
    expect(names({ language: false, minimumCharacters: 1 })).toEqual(['page-breaks', 'too-short']);
  });

  test('an option that nobody knows is refused, and so is a bound outside its range', () => {
    for (const wrong of [
      { sentenses: {} },
      { sentences: { least: 3 } },
      { topNgrams: { '2': 1.5 } },
      { blocklists: [] },
      { minimumWords: 0 },
      { judgeCode: ['pii'] },
    ])
      expect(rulesShape.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  });
});

describe('the original', () => {
  const kinds = Object.entries(cleaning).filter(([name]) => name !== 'overlapKeywords') as [
    string,
    RulesInput,
  ][];

  test.each(kinds)('%s has rules that exist', (_name, options) => {
    expect(() => createRules(rulesShape.parse(options))).not.toThrow();
  });

  test("thresholds of the web pipeline (Lucie-Training's filter over RedPajama v2's signals)", () => {
    const web = rulesShape.parse(cleaning.web);
    expect(web).toMatchObject({
      perplexity: { minimum: 10, maximum: 1000 },
      languageScore: { minimum: 0.65 },
      sentences: { minimum: 3 },
      braces: { maximum: 0 },
      loremIpsum: { maximum: 0 },
      badWords: { maximum: 0 },
      words: { minimum: 50, maximum: 100_000 },
      meanWordLength: { minimum: 3, maximum: 10 },
      symbols: { maximum: 0.1 },
      bulletLines: { maximum: 0.9 },
      ellipsisLines: { maximum: 0.3 },
      wordsWithoutLetter: { maximum: 0.3 },
      topNgrams: { '2': 0.2, '3': 0.18, '4': 0.16 },
      duplicateNgrams: { '5': 0.15, '6': 0.14, '7': 0.13, '8': 0.12, '9': 0.11, '10': 0.1 },
    });
    // What a rule has when it is asked for without options is the same.
    const asked = Object.fromEntries(
      Object.keys(cleaning.web)
        .filter(
          (key) => !['overlap', 'language', 'minimumCharacters', 'perplexity', 'languageScore'].includes(key),
        )
        .map((key) => [key, {}]),
    );
    const defaults = rulesShape.parse(asked) as Record<string, unknown>;
    for (const key of Object.keys(asked))
      expect(defaults[key], key).toEqual((web as Record<string, unknown>)[key]);
  });

  test.each([
    ['American Stories', 2310, cleaning.americanStories],
    ['HAL', 930, cleaning.hal],
    ['Eurovoc', 1500, cleaning.eurovoc],
  ])('%s: perplexity of %i at most', (_name, maximum, options) => {
    const at = (perplexity: number) =>
      outcome(options, documentOf('x', { extra: JSON.stringify({ perplexity }) }));
    expect(at(maximum)).toBe('x');
    expect(at(maximum + 1)).toBe(`quality/perplexity: ${maximum + 1} > ${maximum}`);
  });

  test('theses have 1,000 words and 10,000 characters', () => {
    const words = (count: number, length: number) => `${'a'.repeat(length - 1)}e `.repeat(count).trim();
    expect(outcome({ ...cleaning.theses, ocr: false }, documentOf(words(999, 12)))).toBe(
      'too-few-words: 999 < 1000',
    );
    expect(outcome({ ...cleaning.theses, ocr: false }, documentOf(words(1001, 8)))).toBe(
      'too-short: 9008 < 10000',
    );
    expect(outcome({ ...cleaning.theses, ocr: false }, documentOf(words(1001, 9)))).toBe(words(1001, 9));
  });

  test('scans of 90 per cent are asked of the recleaned Gallica only', () => {
    const scan = documentOf('x', { extra: '{"ocrScore":89}' });
    expect(outcome(cleaning.gallicaPress, scan)).toBe('x');
    expect(outcome(cleaning.gallicaPressRecleaned, scan)).toBe('ocr/score: 89 < 90');
    expect(outcome(cleaning.gallicaMonographsRecleaned, scan)).toBe('ocr/score: 89 < 90');
  });

  test('a web page of one of the sites that other sub-corpora cover goes first', () => {
    const page = documentOf('x', { url: 'https://fr.wikipedia.org/wiki/Lucie' });
    expect(outcome(cleaning.web, page)).toBe('url/overlap: fr.wikipedia');
    expect(outcome(cleaning.web, { ...page, language: 'de' })).toBe('url/overlap: wikipedia');
    expect(outcome(cleaning.fineWebEdu, { ...page, language: 'en' })).toBe('x');
  });
});
