import { describe, expect, test } from 'vitest';
import { Refusal } from '../src/clean/rule.ts';
import type { Document } from '../src/document.ts';
import { bracketPairs, languageNames, separators, tagEndings } from '../src/mix/parallel-tags.ts';
import { parallelRules } from '../src/mix/parallel-text.ts';
import { made } from './mix-units.ts';

const language = { minimumLetters: 30, minimumShare: 0.7, tolerance: 0.97 };
const rules = parallelRules({ seed: 1, language });
const french = 'La séance est ouverte, et la parole est à madame la présidente.';
const english = 'The sitting is open, and the floor is given to the President.';
const pair = (id: string, halves: unknown = [half('fr', french), half('en', english)]) =>
  made({ id: `paires/${id}`, text: '', extra: JSON.stringify({ kind: 'parallel', halves }) });
const half = (code: string, text: string) => ({ language: code, text });

/** What the rules make of a document: the label and the value where one refuses it. */
function apply(document: Document): Document | { reason: string; value: string } {
  let current = document;
  for (const rule of rules) {
    const result = rule.apply(current);
    if (result instanceof Refusal) return { reason: rule.name, value: result.value };
    current = result;
  }
  return current;
}
const many = Array.from({ length: 4000 }, (_, i) => apply(pair(String(i))) as Document);

describe('parallel text', () => {
  test('names its labels', () =>
    expect(rules.map(({ name }) => name)).toEqual(['parallel/language', 'parallel']));

  test('holds both halves whole, with what is written between and before them', () => {
    const tags = Object.values(languageNames).flatMap((names) => [names.fr, names.en]);
    const named = ['fr', 'en', ...tags];
    const brackets = [['', ''], ...bracketPairs];
    const starts = new Set([
      '',
      ...named.flatMap((name) => brackets.flatMap(([a, b]) => tagEndings.map((end) => a + name + b + end))),
    ]);
    for (const { text, title, language, extra } of many) {
      expect([title, language, JSON.parse(extra)]).toEqual([
        '',
        'fr-en',
        { kind: 'parallel', languages: ['fr', 'en'] },
      ]);
      const [first, second] =
        text.indexOf(french) < text.indexOf(english) ? [french, english] : [english, french];
      expect(text.endsWith(second)).toBe(true);
      expect(starts.has(text.slice(0, text.indexOf(first)))).toBe(true);
      const between = text.slice(text.indexOf(first) + first.length, text.indexOf(second));
      expect(
        separators.some(
          (separator) => between.startsWith(separator) && starts.has(between.slice(separator.length)),
        ),
      ).toBe(true);
    }
  });

  test('half of them tagged, half of the tags in brackets, half of the pairs the other way round', () => {
    const share = (fits: (text: string) => boolean, among = many) =>
      among.filter(({ text }) => fits(text)).length / among.length;
    const tagged = many.filter(({ text }) => !text.startsWith(french) && !text.startsWith(english));
    // Four standard deviations of a share of 4,000 or 2,000 tosses.
    expect(Math.abs(tagged.length / 4000 - 0.5)).toBeLessThan(0.032);
    expect(Math.abs(share((text) => text.indexOf(english) < text.indexOf(french)) - 0.5)).toBeLessThan(0.032);
    expect(Math.abs(share((text) => /^[[(<{]/.test(text), tagged) - 0.5)).toBeLessThan(0.045);
    expect(Math.abs(share((text) => /^[[(<{]?(fr|en)\b/.test(text), tagged) - 0.5)).toBeLessThan(0.045);
    const inFrench = share((text) => /^[[(<{]?(Français|Anglais)/.test(text), tagged);
    const inEnglish = share((text) => /^[[(<{]?(French|English)/.test(text), tagged);
    expect(Math.abs(inFrench - 0.25)).toBeLessThan(0.04);
    expect(Math.abs(inEnglish - 0.25)).toBeLessThan(0.04);
    expect(separators).toHaveLength(8);
    expect(tagEndings).toHaveLength(7);
  });

  test('every separator and every ending occurs, and both halves are tagged alike', () => {
    const untagged = many
      .filter(({ text }) => text.startsWith(french))
      .map(({ text }) => text.slice(french.length));
    for (const separator of separators)
      expect(untagged.some((rest) => rest.slice(0, -english.length) === separator)).toBe(true);
    const starts = new Set(
      many.map(({ text }) => text.slice(0, Math.min(text.indexOf(french), text.indexOf(english)))),
    );
    for (const ending of tagEndings) expect(starts.has(`fr${ending}`)).toBe(true);
    const bracketed = many.filter(({ text }) => text.startsWith('[fr]'));
    expect(bracketed.length).toBeGreaterThan(10);
    expect(bracketed.every(({ text }) => text.includes('[en]'))).toBe(true);
  });

  test('depends on seed and id alone, and passes what it has made', () => {
    expect(many.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, i) => apply(pair(String(i)))));
    const [, other] = parallelRules({ seed: 2, language });
    const texts = many.slice(0, 50).map(({ text }) => text);
    expect(
      Array.from({ length: 50 }, (_, i) => (other!.apply(pair(String(i))) as Document).text),
    ).not.toEqual(texts);
    for (const document of many.slice(0, 50)) expect(apply(document)).toEqual(document);
  });

  test.each([
    ['fr said to be en', [half('en', french), half('fr', english)], 'en: fr'],
    ['twice the same language', [half('fr', french), half('en', french)], 'en: fr'],
  ])('a half in another language is refused: %s', (_, halves, value) => {
    expect(apply(pair('x', halves))).toEqual({ reason: 'parallel/language', value });
  });

  test('halves too short to tell are believed', () => {
    expect(apply(pair('x', [half('fr', 'Oui.'), half('en', 'Yes.')]))).toMatchObject({ language: 'fr-en' });
  });

  test.each([
    ['none', undefined],
    ['one', [half('fr', french)]],
    ['no language', [{ text: french }, half('en', english)]],
    ['no text', [{ language: 'fr' }, half('en', english)]],
    ['a null', [null, half('en', english)]],
  ])('halves that are not two are refused: %s', (_, halves) => {
    expect(apply(pair('x', halves ?? null))).toEqual({
      reason: 'parallel',
      value: 'no two halves with their languages',
    });
  });

  test('an empty half is refused', () => {
    expect(apply(pair('x', [half('fr', ' \n'), half('en', english)]))).toEqual({
      reason: 'parallel',
      value: 'an empty half',
    });
  });

  test('reads the fields of the Lucie Training Dataset', () => {
    const named = made({ id: 'c/1', extra: JSON.stringify({ text_en: english, text_fr: french }) });
    const numbered = made({
      id: 'c/2',
      extra: JSON.stringify({ lang_1: 'it', text_1: 'Va bene.', lang_2: 'en', text_2: 'All right.' }),
    });
    expect(apply(named)).toMatchObject({ language: 'fr-en', text: expect.stringContaining(french) });
    expect(apply(numbered)).toMatchObject({ language: 'it-en', text: expect.stringContaining('All right.') });
  });

  test('leaves every other document as it is', () => {
    for (const extra of [
      '{}',
      '',
      'nonsense',
      '{"kind":"facts"}',
      '{"text_fr":"seul"}',
      '{"note":"\\"parallel\\""}',
    ]) {
      const document = made({ id: 'a/1', extra });
      expect(apply(document)).toBe(document);
    }
  });
});
