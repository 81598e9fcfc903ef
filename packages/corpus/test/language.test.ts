import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkLanguage, detectLanguage, detectsLanguage } from '../src/clean/language.ts';
import { rulesShape } from '../src/clean/rules/rules-shape.ts';
import { accuracy, five, snippets } from './language-accuracy.ts';

const { language } = rulesShape.parse({});
if (language === false) throw new Error('the language rule is on by default');
const options = language;

const french = [
  'Tous les êtres humains naissent libres et égaux en dignité et en droits.',
  'Service payant pour frais de greffe, à régler au tribunal de commerce.',
  'Somme versée en avance en attendant le règlement global du dossier.',
  "L'entreprise adaptée dispose de ses propres locaux et de ses équipements.",
  "La procédure prud'homale est orale ; le conseil peut toutefois être saisi par écrit.",
  'Médaille | Ancienneté\nArgent | 20 ans\nVermeil | 30 ans\nOr | 35 ans de services',
];
const english = [
  'All human beings are born free and equal in dignity and rights, and should act in brotherhood.',
  'Enables foreign companies to complete several formalities related to registration in France.',
];
const german = 'Alle Menschen sind frei und gleich an Würde und Rechten geboren und mit Vernunft begabt.';

test.each(french)('French is French: %s', (text) => {
  expect(checkLanguage(text, 'fr', options).ok).toBe(true);
  expect(checkLanguage(text, 'en', options).ok).toBe(false);
});

test.each(english)('English is English: %s', (text) => {
  expect(checkLanguage(text, 'en', options).ok).toBe(true);
  expect(checkLanguage(text, 'fr', options)).toEqual({ ok: false, found: 'en', share: 0 });
});

test('German is refused under either name', () => {
  expect(checkLanguage(german, 'fr', options)).toMatchObject({ ok: false, found: 'de' });
  expect(checkLanguage(german, 'en', options)).toMatchObject({ ok: false, found: 'de' });
});

test.each(['Londres', 'R. 741-96', '42', '', 'Prénom Nom', 'Barack Obama, Washington D.C.'])(
  'what is too short to tell is believed: %j',
  (text) => {
    expect(checkLanguage(text, 'fr', options)).toEqual({ ok: true, found: 'fr', share: 1 });
  },
);

describe('long texts are sampled throughout', () => {
  const fr = `${french.join(' ')} `.repeat(20);
  const en = `${english.join(' ')} `.repeat(40);

  test('a French beginning does not hide an English rest', () => {
    const verdict = checkLanguage(fr.slice(0, 3000) + en.slice(0, 7000), 'fr', options);
    expect(verdict).toMatchObject({ ok: false, found: 'en' });
    expect(verdict.share).toBeGreaterThan(0.1);
  });

  test('a short quotation does not condemn a text', () => {
    expect(checkLanguage(fr.slice(0, 9000) + en.slice(0, 900), 'fr', options).ok).toBe(true);
  });
});

test('detectLanguage names the language of most of a text', () => {
  expect(detectLanguage(french.join(' '))).toBe('fr');
  expect(detectLanguage(english.join(' '))).toBe('en');
  expect(detectLanguage(german)).toBe('de');
  expect(detectLanguage('')).toBe('');
  expect(detectLanguage('0123 456')).toBe('');
  expect(detectLanguage(`${german} `.repeat(12).slice(0, 1000) + `${french.join(' ')} `.repeat(30))).toBe(
    'fr',
  );
});

test('the detector knows which languages it knows', () => {
  for (const language of five) expect(detectsLanguage(language)).toBe(true);
  for (const language of ['br', 'oc', 'code:go', 'fr,en', '', 'constructor'])
    expect(detectsLanguage(language)).toBe(false);
});

describe('the five languages of the original', () => {
  const sentences = five.flatMap((language) =>
    readFileSync(join(import.meta.dirname, 'language-sentences', `${language}.txt`), 'utf8')
      .trim()
      .split('\n')
      .map((text) => ({ language, text })),
  );
  const pieces = five.flatMap((language) => {
    const own = sentences.filter((sentence) => sentence.language === language);
    return snippets(own.map(({ text }) => text).join(' ')).map((text) => ({ language, text }));
  });

  test('samples are many enough', () => {
    expect(sentences.length).toBe(310);
    expect(pieces.length).toBeGreaterThan(300);
    expect(pieces.every(({ text }) => text.length === 40)).toBe(true);
  });

  test.each([
    ['whole sentences', sentences, 0.99],
    ['40 characters cut anywhere', pieces, 0.97],
  ])('%s', (_name, samples, least) => {
    for (const among of [undefined, five]) {
      const { byLanguage, confusion } = accuracy(samples, (text) => detectLanguage(text, among));
      for (const language of five)
        expect(byLanguage[language], JSON.stringify(confusion)).toBeGreaterThanOrEqual(least);
    }
  });

  test('among five no sixth is found, and who asks without them is not bound by them', () => {
    const portuguese = 'O padeiro abre a loja antes do nascer do sol e fecha à noite.';
    expect(detectLanguage(portuguese)).toBe('pt');
    expect(five).toContain(detectLanguage(portuguese, five));
    expect(detectLanguage(portuguese)).toBe('pt');
    expect(detectLanguage('', five)).toBe('');
  });
});
