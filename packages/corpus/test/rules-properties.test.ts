import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../src/clean/rule.ts';
import type { RulesInput } from '../src/clean/rules/rules-shape.ts';
import { documentOf, rulesOf } from './rules-helpers.ts';

/** Every rule, with bounds that let most through: what matters here is that it runs, and what it changes. */
const everything: RulesInput = {
  urlWords: { words: ['casino'] },
  overlap: { keywords: { '*': ['wikipedia'] } },
  languages: { keep: ['fr', 'en', 'de', 'es', 'it'], by: 'text' },
  language: { among: ['fr', 'en'] },
  perplexity: {},
  languageScore: {},
  sentences: { minimum: 1 },
  braces: { maximum: 0.9 },
  loremIpsum: {},
  words: { minimum: 0 },
  meanWordLength: {},
  symbols: {},
  bulletLines: {},
  ellipsisLines: {},
  wordsWithoutLetter: {},
  topNgrams: {},
  duplicateNgrams: {},
  case: {},
  badWords: {},
  ocrScore: {},
  ocr: { languages: ['fr'], minimumChunk: 20, maximumChunk: 400, minimumKept: 0 },
  pageNoise: { repeats: 3 },
  gutenberg: {},
  authorDeath: { year: 2024 },
  rights: { accepted: ['x'] },
  pdfCid: { maximumPerCharacter: 1 },
  mojibake: {},
  dialogue: { minimumTurns: 2 },
  counters: {},
  minimumWords: 1,
  minimumCharacters: 1,
};
const rules = rulesOf(everything);

/** What the rules look for, and what text can be besides. */
const pieces = [
  ...'aéZÉ9.!?…{}[](),:;-–•#\'"«»_|<>\t\n\f \u00a0\u202f\u0000\u0301\ufeff\ufffd',
  '\n\n',
  '\ud83d\ude00',
  '\ud83d',
  '\ude00',
  '[…]',
  '(cid:12)',
  '(cid:',
  '12)',
  'Ã©',
  'â€™',
  'Â',
  'Ã',
  '[speaker1:] ',
  '\n[Marie:] ',
  '\nMARIE : oui.\nPAUL : non.\nMARIE : si.',
  '\n<Paul> ',
  '\nhttps://a.example/b',
  ' 12 vues',
  '\n12\n',
  'Source : ',
  '\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\n',
  '\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n',
  'Produced by A\n\n',
  'lorem ipsum ',
  'Le boulanger ouvre sa boutique avant le lever du soleil. ',
  'The baker opens his shop before the sun comes up. ',
  '\nune ligne qui revient\n',
  '~J! i; lJ|» .:,I\n',
  'mots et mots et mots ',
];

function randomText(random: Random): string {
  const few = Array.from({ length: 2 + random.below(8) }, () => pieces[random.below(pieces.length)]!);
  const from = random.below(3) === 0 ? pieces : few;
  let text = '';
  for (let i = random.below(120); i > 0; i--) {
    text += from[random.below(from.length)]!;
    if (random.below(20) === 0) text += String.fromCharCode(random.below(0x10000));
  }
  return text;
}

test('on random text no rule throws, and what changes text changes it once', () => {
  const random = new Random(11, 'rules');
  const changed = new Map<string, number>();
  for (let round = 0; round < 1500; round++) {
    const language = ['fr', 'en', 'code:js', 'fr,en'][random.below(4)]!;
    const extra = ['{}', '', '{"perplexity":{}}', '{"authorDeath":[[]],"rights":3}'][random.below(4)]!;
    const url = ['', 'http://a.example/b', `http://${randomText(random).slice(0, 40)}`][random.below(3)]!;
    const document = documentOf(randomText(random), { language, extra, url });
    for (const rule of rules) {
      const once = rule.apply(document);
      if (once instanceof Refusal) {
        expect(once.value, rule.name).not.toBe('');
        continue;
      }
      if (once === document) continue;
      changed.set(rule.name, (changed.get(rule.name) ?? 0) + 1);
      // What did not change is the same object: the step tells by that.
      expect(once.text, rule.name).not.toBe(document.text);
      expect({ ...once, text: '' }).toEqual({ ...document, text: '' });
      const twice = rule.apply(once);
      if (twice instanceof Refusal)
        expect.fail(`${rule.name} refuses what it made: ${JSON.stringify(once.text)}`);
      expect(twice.text, `${rule.name} on ${JSON.stringify(document.text)}`).toBe(once.text);
    }
  }
  // Otherwise the above says nothing.
  for (const name of [
    'ocr/noise',
    'page-noise',
    'page-breaks',
    'gutenberg',
    'pdf-cid',
    'mojibake',
    'dialogue',
    'counters',
  ])
    expect(changed.get(name), name).toBeGreaterThan(10);
});

const MILLION = 1_000_000;
/** A rule whose work grows with the square of the length would need longer for these than a test may take. */
const MANY = 200_000;
describe('very many characters of one kind', () => {
  test.each([
    ['nothing', ''],
    ['one word', 'a'.repeat(MILLION)],
    ['one line of words', 'mot '.repeat(MILLION / 4)],
    ['one line of different words', Array.from({ length: MANY / 8 }, (_, i) => i.toString(36)).join(' ')],
    ['braces', '{'.repeat(MILLION)],
    ['brackets', '['.repeat(MANY)],
    ['open tags', '(cid:'.repeat(MANY / 5)],
    ['nested tags', '(cid:'.repeat(MANY / 10) + '1)'.repeat(MANY / 10)],
    ['tags', '(cid:1)'.repeat(MANY / 8)],
    ['spaces', ' '.repeat(MILLION)],
    ['spaces between two letters', `a${' '.repeat(MANY)}b`],
    ['lines', '\n'.repeat(MANY)],
    ['pages', '\f'.repeat(MANY)],
    ['short lines', 'a\n'.repeat(MANY / 2)],
    ['dots', '.'.repeat(MANY)],
    ['stars', '*'.repeat(MANY)],
    ['digits', '1'.repeat(MILLION)],
    ['digits and spaces', '1 '.repeat(MANY / 2)],
    ['accents', '\u0301'.repeat(MANY)],
    ['halves of characters', '\ud83d'.repeat(MANY)],
    ['NUL', '\0'.repeat(MANY)],
    ['misread letters', 'Ã©'.repeat(MANY / 2)],
    ['first bytes', 'Ã'.repeat(MANY)],
    ['marks of cuts', '[…]\n'.repeat(MANY / 4)],
    ['turns', '[a:] b\n'.repeat(MANY / 8)],
    ['addresses', 'http://a.example\n'.repeat(MANY / 17)],
    ['views', '12 vues '.repeat(MANY / 8)],
    ['a noisy scan', '~J! i; lJ|» .:,I\n'.repeat(MANY / 17)],
    ['hyphens', '-'.repeat(MANY)],
    ['apostrophes', "a'".repeat(MANY / 2)],
  ])('%s', (_name, text) => {
    const document = documentOf(text, { url: `http://a.example/${text.slice(0, 100_000)}` });
    for (const rule of rules) {
      const result = rule.apply(document);
      if (!(result instanceof Refusal)) expect(result.text.length).toBeLessThanOrEqual(text.length + 100);
    }
  });
});
