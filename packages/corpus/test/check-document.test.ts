import { describe, expect, test } from 'vitest';
import { faultOf, licenceFault, settle, years } from '../src/clean/check-document.ts';
import type { Document } from '../src/document.ts';

const document = (more: Partial<Document> = {}): Document => ({
  id: 'own/1',
  text: 'Un texte.',
  source: 'own',
  licence: 'CC0-1.0',
  language: 'fr',
  date: '',
  url: '',
  title: '',
  extra: '{}',
  ...more,
});

describe('dates', () => {
  test.each([
    '',
    '1000',
    '2024',
    '1789-07',
    '1789-07-14',
    '2024-02-29',
    '2000-02-29',
    '2023-12-31',
    String(years.latest),
  ])('%j is one', (date) => {
    expect(faultOf(document({ date }))).toBeUndefined();
  });

  test.each([
    '0',
    '0000',
    '0001-01-01',
    '0999',
    '3000',
    String(years.latest + 1),
    '2023-00',
    '2023-13',
    '2023-02-31',
    '2023-02-29',
    '1900-02-29',
    '2023-04-31',
    '2023-01-00',
    '2023-1-1',
    '03/07/2025',
    '2023-01-01T00:00:00',
    ' 2023',
  ])('%j is none, and the document is told apart by it', (date) => {
    expect(faultOf(document({ date }))).toBe(`date ${JSON.stringify(date)}`);
  });

  test('the years are an option, not the clock', () => {
    expect(faultOf(document({ date: '2031' }), { latestYear: 2031 })).toBeUndefined();
    expect(faultOf(document({ date: '0980' }), { earliestYear: 900 })).toBeUndefined();
    expect(faultOf(document({ date: '1999' }), { earliestYear: 2000 })).toBe('date "1999"');
  });
});

describe('languages', () => {
  test.each(['fr', 'code:go', 'code:c++', 'code:c#', 'fr-en'])('%s', (language) => {
    expect(faultOf(document({ language }))).toBeUndefined();
  });

  test.each(['', 'und', 'fra', 'FR', 'code:', 'fr-', 'fr-FR', 'français'])('%j is none', (language) => {
    expect(faultOf(document({ language }))).toBe(`language ${JSON.stringify(language)}`);
  });
});

test('a fault shows no more than a line of what it found', () => {
  expect(licenceFault(document({ licence: 'x'.repeat(1000) }))!.length).toBeLessThan(100);
  expect(faultOf(document({ id: 'x'.repeat(301) }))).toContain('id');
});

test('controls of Latin-1 are Windows-1252 that was decoded wrongly', () => {
  expect(
    settle(document({ text: 'l\u0092homme\u0085\u0093oui\u0094\u009d', title: 'L\u0092a' })),
  ).toMatchObject({
    text: 'l’homme\n“oui”',
    title: 'L’a',
  });
});

test('settling is done once', () => {
  const raw = document({ text: 'e\u0301te\u0301 \u200b\r\n\r\n\r\n\r\nfin\ud800  \n', title: ' a\tb ' });
  const once = settle(raw);
  expect(once).toMatchObject({ text: 'été\n\nfin\ufffd', title: 'a b' });
  expect(settle(once)).toEqual(once);
});
