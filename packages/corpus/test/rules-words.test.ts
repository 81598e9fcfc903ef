import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { verdict } from './rules-helpers.ts';

describe('word lists', () => {
  function file(text: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'lucie-words-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'list'), text);
    return join(folder, 'list');
  }
  const own = (maximum: number, text: string) => ({
    badWords: { maximum, ldnoobw: false, files: { fr: [file(text)] } },
  });

  test('as many as allowed, then one more', () => {
    expect(verdict(own(2, 'zut\n'), 'Zut, zut alors.')).toBe('kept');
    expect(verdict(own(2, 'zut\n'), 'Zut, zut alors, ZUT !')).toBe('bad-words: 3 > 2, e.g. "zut"');
  });

  test('whole words only, and phrases across a line', () => {
    expect(verdict(own(0, 'zut\nnom de nom'), 'Le zutiste dit son nom.')).toBe('kept');
    expect(verdict(own(0, 'nom de nom'), 'Ah, nom\nde nom !')).toBe('bad-words: 1 > 0, e.g. "nom de nom"');
    expect(verdict(own(0, 'nom de nom'), 'Le nom de')).toBe('kept');
  });

  test('an entry with an accent is found in either form', () => {
    for (const text of ['Ce crétin-là.', 'Ce cre\u0301tin là.'])
      expect(verdict(own(0, 'crétin-là\ncrétin'), text)).toMatch(/^bad-words: 1 > 0/);
  });

  test('entries that are the same once normalised count once', () => {
    expect(verdict(own(0, "l'ami\nlami\n\n  \n"), "L'ami")).toMatch(/^bad-words: 1 > 0/);
  });

  test.each([
    ['fr', 'Quel bordel !'],
    ['en', 'What an asshole.'],
    ['de', 'So ein Arschloch.'],
    ['es', 'Vete a la mierda.'],
    ['it', 'Che cazzo vuoi?'],
  ])("LDNOOBW's list of %s, and no other", (language, text) => {
    expect(verdict({ badWords: {} }, text, { language })).toMatch(/^bad-words: [12] > 0/);
    expect(verdict({ badWords: { ldnoobw: false } }, text, { language })).toBe('kept');
    expect(verdict({ badWords: {} }, text, { language: 'br' })).toBe('kept');
    expect(verdict({ badWords: {} }, text, { language: 'constructor' })).toBe('kept');
  });

  test('a list that is not there is an error', () => {
    expect(() => verdict({ badWords: { files: { fr: ['/nowhere/list'] } } }, 'x')).toThrow(
      /no readable file/,
    );
  });
});

describe('languages', () => {
  const french = 'Le boulanger ouvre sa boutique avant le lever du soleil.';
  const dutch = 'De bakker opent zijn winkel voordat de zon boven het dorp opkomt.';

  test('the text is in the language of its tag', () => {
    expect(verdict({ language: {} }, french)).toBe('kept');
    expect(verdict({ language: {} }, french, { language: 'de' })).toBe('language: fr; de 0.00 < 0.70');
    expect(verdict({ language: {} }, dutch)).toBe('language: nl; fr 0.00 < 0.70');
  });

  test('tags that name no language, or one the detector does not know, are believed', () => {
    for (const language of ['code:go', 'fr,en', 'br', 'oc'])
      expect(verdict({ language: {} }, french, { language })).toBe('kept');
  });

  test('among so many languages only these come into question', () => {
    const portuguese = 'O padeiro abre a loja antes do nascer do sol e fecha à noite.';
    expect(verdict({ language: {} }, portuguese, { language: 'es' })).toMatch(/^language: pt/);
    expect(verdict({ language: { among: ['fr', 'es'] } }, portuguese, { language: 'es' })).toBe('kept');
    expect(verdict({ language: { among: ['fr', 'en'] } }, french, { language: 'de' })).toMatch(
      /^language: fr/,
    );
  });

  test('keeping languages by tag', () => {
    const languages = { keep: ['fr', 'en'] };
    expect(verdict({ languages }, 'x')).toBe('kept');
    expect(verdict({ languages }, 'x', { language: 'de' })).toBe('languages: de');
  });

  test('keeping languages by text, whatever the tag', () => {
    const languages = { keep: ['fr', 'en'], by: 'text' as const };
    expect(verdict({ languages }, french, { language: 'de' })).toBe('kept');
    expect(verdict({ languages }, dutch, { language: 'fr' })).toBe('languages: nl');
    expect(verdict({ languages }, '0123', { language: 'fr' })).toBe('kept');
  });
});
