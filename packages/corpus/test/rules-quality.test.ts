import { describe, expect, test } from 'vitest';
import { legible } from '../src/clean/rules/legible.ts';
import type { RulesInput } from '../src/clean/rules/rules-shape.ts';
import { TextStats } from '../src/clean/rules/text-stats.ts';
import { documentOf, outcome, verdict } from './rules-helpers.ts';

const repeat = (part: string, times: number) => part.repeat(times).trim();
/** So many different words of four letters. */
const different = (count: number) =>
  Array.from(
    { length: count },
    (_, i) => `w${String.fromCharCode(97 + (i % 26))}${String(i).padStart(5, '0')}`,
  ).join(' ');
const extra = (value: unknown) => ({ extra: JSON.stringify(value) });
const signals = (name: string, value: number) =>
  extra({ quality_signals: JSON.stringify({ [name]: [[0, 100, value]] }) });

describe('each bound itself passes, what lies beyond is refused and says by how much', () => {
  // Each text was made so that the measure can be counted by hand.
  test.each<[string, RulesInput, string, string, string]>([
    ['sentences', { sentences: {} }, 'Un. Deux! Trois?', 'Un. Deux!', 'quality/sentences: 2 < 3'],
    ['braces', { braces: {} }, 'fin', 'f{n', 'quality/braces: 0.33 > 0.00'],
    ['a share of braces', { braces: { maximum: 0.5 } }, '{a}b', '{a}', 'quality/braces: 0.67 > 0.50'],
    [
      'lorem ipsum',
      { loremIpsum: {} },
      'lorem est ipsum lorem',
      'Un Lorem, IPSUM',
      'quality/lorem-ipsum: 0.07 > 0.00',
    ],
    [
      'lorem ipsum in quotes',
      { loremIpsum: {} },
      'lorem et “ipsum lorem',
      'Un “Lorem ipsum”',
      'quality/lorem-ipsum: 0.06 > 0.00',
    ],
    ['few words', { words: {} }, repeat('mot ', 50), repeat('mot ', 49), 'quality/words: 49 < 50'],
    [
      'many words',
      { words: {} },
      repeat('mot ', 100_000),
      repeat('mot ', 100_001),
      'quality/words: 100001 > 100000',
    ],
    ['short words', { meanWordLength: {} }, 'ab abcd', 'ab abc', 'quality/mean-word-length: 2.50 < 3.00'],
    [
      'long words',
      { meanWordLength: {} },
      'abcdefghi abcdefghijk',
      'abcdefghij abcdefghijk',
      'quality/mean-word-length: 10.50 > 10.00',
    ],
    // Ten words, a sign each of them: `…` is a word of its own as the tokenizer cuts.
    [
      'symbols',
      { symbols: {} },
      `${repeat('mot ', 9)} …`,
      `${repeat('mot ', 8)} …`,
      'quality/symbols: 0.11 > 0.10',
    ],
    [
      'bullets',
      { bulletLines: {} },
      `${'• a\n'.repeat(9)}b`,
      `${'• a\n'.repeat(10)}b`,
      'quality/bullet-lines: 0.91 > 0.90',
    ],
    [
      'ellipses',
      { ellipsisLines: {} },
      `${'a...\n'.repeat(3)}${'b.\n'.repeat(7)}`,
      `${'a…  \n'.repeat(3)}${'b.\n'.repeat(6)}`,
      'quality/ellipsis-lines: 0.33 > 0.30',
    ],
    [
      'words without a letter',
      { wordsWithoutLetter: {} },
      `${repeat('mot ', 7)} 1 2 3`,
      `${repeat('mot ', 6)} 1 2 3`,
      'quality/words-without-letter: 0.33 > 0.30',
    ],
    // 16 of 80 characters are `ab cd` twice; then 16 of 79.
    [
      'the top run of two',
      { topNgrams: { '2': 0.2, '3': 1, '4': 1 } },
      `abcd efgh ${'x'.repeat(30)} abcd efgh ${'y'.repeat(34)}`,
      `abcd efgh ${'x'.repeat(30)} abcd efgh ${'y'.repeat(33)}`,
      'quality/top-2-gram: 0.203 > 0.200',
    ],
    [
      'the top run of three',
      { topNgrams: { '2': 1, '3': 0.18, '4': 1 } },
      `abc def ghi ${'x'.repeat(40)} abc def ghi ${'y'.repeat(42)}`,
      `abc def ghi ${'x'.repeat(40)} abc def ghi ${'y'.repeat(41)}`,
      'quality/top-3-gram: 0.182 > 0.180',
    ],
    [
      'the top run of four',
      { topNgrams: { '2': 1, '3': 1, '4': 0.16 } },
      `ab cd ef gh ${'x'.repeat(40)} ab cd ef gh ${'y'.repeat(44)}`,
      `ab cd ef gh ${'x'.repeat(40)} ab cd ef gh ${'y'.repeat(43)}`,
      'quality/top-4-gram: 0.162 > 0.160',
    ],
    [
      'upper case',
      { case: { minimumUppercase: 0.25, minimumSentenceEnds: 0 } },
      'Abcd',
      'Abcde',
      'quality/uppercase: 0.20 < 0.25',
    ],
    [
      'ends of sentences',
      { case: { minimumUppercase: 0, minimumSentenceEnds: 0.5 } },
      'un deux.',
      'un deux trois.',
      'quality/sentence-ends: 0.33 < 0.50',
    ],
    ['characters', { minimumCharacters: 5 }, 'abcde', 'abcd', 'too-short: 4 < 5'],
    ['words that are left', { minimumWords: 3 }, 'un deux trois', 'un deux', 'too-few-words: 2 < 3'],
  ])('%s', (_name, options, good, bad, refusal) => {
    expect(verdict(options, good)).toBe('kept');
    expect(verdict(options, bad)).toBe(refusal);
  });

  test.each([5, 6, 7, 8, 9, 10])('duplicated runs of %i words', (n) => {
    const bounds = Object.fromEntries([5, 6, 7, 8, 9, 10].map((k) => [k, k === n ? 0.2 : 1]));
    const run = Array.from({ length: n }, (_, i) => `r${i}`).join(' ');
    // The run stands twice, in 4n of so many characters.
    const text = (characters: number) =>
      `${run} ${'x'.repeat(10)} ${run} ${'y'.repeat(characters - 10 - 4 * n)}`;
    expect(verdict({ duplicateNgrams: bounds }, text(20 * n))).toBe('kept');
    expect(verdict({ duplicateNgrams: bounds }, text(20 * n - 1))).toMatch(
      new RegExp(`^quality/duplicate-${n}-gram: 0\\.20\\d+ > 0\\.20+$`),
    );
  });

  test.each([
    [
      'perplexity too low',
      { perplexity: {} },
      { perplexity: 10 },
      { perplexity: 9.99 },
      'quality/perplexity: 9.99 < 10.00',
    ],
    [
      'perplexity too high',
      { perplexity: {} },
      { perplexity: '1000' },
      { perplexity: 1000.5 },
      'quality/perplexity: 1000.50 > 1000.00',
    ],
    [
      'language score',
      { languageScore: {} },
      { languageScore: 0.65 },
      { languageScore: 0.649 },
      'quality/language-score: 0.649 < 0.650',
    ],
    ['score of a scan', { ocrScore: {} }, { ocrScore: 90 }, { ocrScore: 89 }, 'ocr/score: 89 < 90'],
  ])('%s, where the document brings it', (_name, options, good, bad, refusal) => {
    expect(verdict(options, 'texte', extra(good))).toBe('kept');
    expect(verdict(options, 'texte', extra(bad))).toBe(refusal);
    for (const none of [{}, { perplexity: null }, { perplexity: 'low' }, [], 3])
      expect(verdict(options, 'texte', extra(none))).toBe('kept');
    expect(verdict(options, 'texte', { extra: 'no JSON' })).toBe('kept');
  });

  test("RedPajama's signals are found inside their JSON in JSON", () => {
    const options = { perplexity: { field: 'quality_signals.ccnet_perplexity' } };
    expect(verdict(options, 'texte', signals('ccnet_perplexity', 1001))).toBe(
      'quality/perplexity: 1001 > 1000',
    );
    expect(verdict(options, 'texte', signals('ccnet_perplexity', 1000))).toBe('kept');
  });
});

test('bounds that look equal are told apart', () => {
  expect(legible(0.3, '>', 0.2)).toBe('0.30 > 0.20');
  expect(legible(0.3001, '>', 0.3)).toBe('0.3001 > 0.3000');
  expect(legible(3, '<', 4)).toBe('3 < 4');
});

describe('what is counted, as RedPajama v2 defines it', () => {
  // Worked out by hand from the definitions of its quality signals.
  test('words as written and as normalised', () => {
    const { raw, words } = new TextStats("L'été, 3 amis… (sous #1)!");
    // L ' été , 3 amis … ( sous # 1 )!
    expect(raw).toEqual({
      characters: 25,
      words: 12,
      wordsWithLetter: 4,
      sentences: 1,
      symbols: 2,
      braces: 0,
    });
    expect(words.vocabulary).toEqual(['le\u0301te\u0301', '3', 'amis…', 'sous', '1']);
    // An accent is a character of its own in form NFD.
    expect([...words.lengths]).toEqual([6, 1, 5, 4, 1]);
    expect(words.characters).toBe(17);
  });

  test('sentences are what the published expression matches', () => {
    const published = /\b[^.!?]+[.!?]*/g;
    for (const text of [
      'One. Two! Three?',
      'Who? Me',
      '... Hm. 3.14 is pi?! (yes)',
      '?!',
      '',
      'no end',
      'a.b.c',
      '  ! x ',
      'end . . . of _it_',
    ])
      expect(new TextStats(text).raw.sentences, text).toBe(text.match(published)?.length ?? 0);
  });

  test('six dots are two symbols, five are one', () => {
    expect(new TextStats('......').raw.symbols).toBe(2);
    expect(new TextStats('.....').raw.symbols).toBe(1);
    expect(new TextStats('.. .').raw.symbols).toBe(0);
  });

  test('a letter beyond the basic plane is a letter, half of one is none', () => {
    expect(new TextStats('\u{10400}\u{10401} a').raw).toMatchObject({
      characters: 4,
      words: 2,
      wordsWithLetter: 1,
    });
    expect(new TextStats('\ud801 a').raw).toMatchObject({ characters: 3, words: 2 });
    expect([...new TextStats('\u{10400}\u{10401}').words.lengths]).toEqual([2]);
  });

  test('empty lines are no lines', () => {
    expect(new TextStats('• a\n\n  \n b...\n').lines).toEqual({ lines: 2, bullets: 1, ellipses: 1 });
  });
});

describe('code', () => {
  const code = documentOf('if (a) { b(); }', { language: 'code:js' });

  test('passes the rules for prose', () => {
    expect(outcome({ sentences: {}, braces: {}, words: {}, minimumWords: 50 }, code)).toBe(code.text);
  });

  test('is judged by those that say so', () => {
    expect(outcome({ braces: {}, words: {}, judgeCode: ['words'] }, code)).toBe('quality/words: 3 < 50');
  });

  test('is judged by what holds for every text', () => {
    expect(outcome({ minimumCharacters: 40 }, code)).toBe('too-short: 15 < 40');
    expect(outcome({ languages: { keep: ['fr'] } }, code)).toBe('languages: code:js');
  });
});

test('different words repeat nothing', () => {
  expect(verdict({ topNgrams: {}, duplicateNgrams: {} }, different(2000))).toBe('kept');
});
