import { describe, expect, test } from 'vitest';
import type { Document } from '../src/document.ts';
import { documentOf, outcome, verdict } from './rules-helpers.ts';

const extra = (value: unknown): Partial<Document> => ({ extra: JSON.stringify(value) });

describe('Project Gutenberg', () => {
  const book = 'CHAPITRE PREMIER\n\nIl faisait nuit.\n\nFIN';

  test.each([
    [
      'marks of today',
      `The Project Gutenberg EBook of Contes\n\nTitle: Contes\n\n*** START OF THIS PROJECT GUTENBERG EBOOK CONTES ***\n\nProduced by A. Name and the\nDistributed Proofreaders\n\n${book}\n\n*** END OF THIS PROJECT GUTENBERG EBOOK CONTES ***\n\nUpdated editions will replace it.`,
    ],
    [
      'marks with spaces left out, two credits',
      `Header\n\n***START OF THE PROJECT GUTENBERG EBOOK CONTES***\n\nE-text prepared by A. Name\n\nCredits: B. Name\n\n${book}\n\n***END OF THE PROJECT GUTENBERG EBOOK CONTES***\nlicence`,
    ],
    [
      'marks of the nineties',
      `**The Project Gutenberg Etext**\n\n*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n\n${book}\n\nEnd of Project Gutenberg Etext of Contes\n`,
    ],
    ['an end alone', `${book}\n\nEnd of the Project Gutenberg EBook of Contes\n\nlicence`],
  ])('%s', (_name, text) => {
    expect(outcome({ gutenberg: {} }, documentOf(text))).toBe(book);
  });

  test('a book without marks, and one that speaks of Gutenberg, stay', () => {
    expect(verdict({ gutenberg: {} }, book)).toBe('kept');
    expect(verdict({ gutenberg: {} }, `${book}\n\nThe end of the Project Gutenberg was not near.`)).toBe(
      'kept',
    );
    expect(verdict({ gutenberg: {} }, `Produced by hand, sold by nobody.${' Encore.'.repeat(300)}`)).toBe(
      'kept',
    );
  });

  test('nothing between the marks is nothing', () => {
    const empty =
      '*** START OF THE PROJECT GUTENBERG EBOOK ***\n\n*** END OF THE PROJECT GUTENBERG EBOOK ***';
    expect(verdict({ gutenberg: {} }, empty)).toBe('gutenberg: nothing between header and licence');
  });
});

describe('death of the author', () => {
  const authorDeathRule = { authorDeath: { year: 2024 } };

  test.each([
    ['seventy years', 'en', { authorDeath: 1954 }, 'kept'],
    ['one less', 'en', { authorDeath: 1955 }, 'author-death: 69 < 70 years after death in 1955'],
    ['eighty in French', 'fr', { authorDeath: 1944 }, 'kept'],
    ['one less in French', 'fr', { authorDeath: 1945 }, 'author-death: 79 < 80 years after death in 1945'],
    ['born long ago', 'de', { authorBirth: '1874' }, 'kept'],
    ['born later', 'de', { authorBirth: '1875-03-01' }, 'author-death: 149 < 150 years after birth in 1875'],
    ['born long ago, in French', 'fr', { authorBirth: 1864 }, 'kept'],
    [
      'born later, in French',
      'fr',
      { authorBirth: 1865 },
      'author-death: 159 < 160 years after birth in 1865',
    ],
    [
      'a death tells more than a birth',
      'en',
      { authorDeath: 1955, authorBirth: 1850 },
      'author-death: 69 < 70 years after death in 1955',
    ],
    [
      'the last of several authors counts',
      'en',
      { authorDeath: [1900, '1960'] },
      'author-death: 64 < 70 years after death in 1960',
    ],
    ['nothing known', 'fr', {}, 'kept'],
    ['nothing legible', 'fr', { authorDeath: 'unknown', authorBirth: [null] }, 'kept'],
    ['before our era', 'fr', { authorDeath: '-43' }, 'kept'],
  ])('%s', (_name, language, known, expected) => {
    expect(verdict(authorDeathRule, 'texte', { language, ...extra(known) })).toBe(expected);
  });

  test('years are those of the recipe', () => {
    const options = { authorDeath: { year: 2025, afterDeath: { '*': 10 }, afterBirth: {} } };
    expect(verdict(options, 'x', extra({ authorDeath: 2015 }))).toBe('kept');
    expect(verdict(options, 'x', extra({ authorDeath: 2016 }))).toMatch(/^author-death: 9 < 10/);
    expect(verdict(options, 'x', extra({ authorBirth: 2020 }))).toBe('kept');
  });

  test('rights are stated, and accepted', () => {
    const options = { rights: { accepted: ['Public domain in the USA'] } };
    expect(verdict(options, 'x', extra({ rights: 'Public domain in the USA.' }))).toBe('kept');
    expect(verdict(options, 'x', extra({ rights: 'Copyrighted. Read the licence.' }))).toBe(
      'rights: Copyrighted. Read the licence.',
    );
    expect(verdict(options, 'x')).toBe('rights: none stated');
  });
});

describe('characters that a reader of PDF could not name', () => {
  test.each([
    ['between words', 'un (cid:12) deux', 'un deux'],
    ['inside a word', 'of(cid:142)ce', 'of ce'],
    ['at both ends', '(cid:1)un(cid:2)', 'un'],
    ['in a row', 'un(cid:1)(cid:2) (cid:3)deux', 'un deux'],
    ['inside another', 'un (cid:(cid:1)2)', 'un (cid: 2)'],
    ['at a line end', 'un (cid:7)\ndeux', 'un \ndeux'],
    ['no number', 'le (cid:x) et (cid:)', 'le (cid:x) et (cid:)'],
  ])('%s', (_name, text, expected) => {
    expect(outcome({ pdfCid: { maximumPerCharacter: 1 } }, documentOf(text))).toBe(expected);
  });

  test('as many as allowed, then one more', () => {
    const text = (count: number) => '(cid:1)'.repeat(count) + 'x'.repeat(500 - 7 * count);
    expect(verdict({ pdfCid: {} }, text(10))).toBe('x'.repeat(430));
    expect(verdict({ pdfCid: {} }, text(11))).toBe('pdf-cid: 0.022 > 0.020');
  });
});

describe('letters read in a wrong encoding', () => {
  /** UTF-8 read as Windows-1252, as WHATWG decodes it. */
  const misread = (text: string) => new TextDecoder('windows-1252').decode(new TextEncoder().encode(text));

  test.each(['Déjà vu', 'l’été « à l’œuvre »', 'Größe, señor, città, 50 €', '– … —'])('%s', (text) => {
    // Letters whose first byte is not one of Â, Ã, â are left: œ.
    const expected = text.replaceAll('œ', misread('œ'));
    expect(outcome({ mojibake: {} }, documentOf(misread(text)))).toBe(expected);
  });

  test('as often as it happened', () => {
    expect(outcome({ mojibake: {} }, documentOf(misread(misread('été'))))).toBe('été');
  });

  test.each(['Le « CAFÉ» fermé', 'São João, a mãe', 'â la carte, gâteau', 'Â, Ã et â'])(
    'good text stays: %s',
    (text) => {
      expect(verdict({ mojibake: {} }, text)).toBe('kept');
    },
  );
});

describe('conversations', () => {
  const form = '[Intervenant 1:] Bonjour.\n[Marie Dupont:] Bonjour à vous. Ça va ?\n[Intervenant 1:] Oui.';

  test.each([
    [
      'tags of a corpus',
      '[speaker001:] Bonjour.\n\n[Marie Dupont:] Bonjour à vous.\n[Marie Dupont:] Ça va ?\n[speaker001:] Oui.',
    ],
    ['tags of a chat', '<spk1> Bonjour.\n<MARIE DUPONT> Bonjour à vous.\nÇa va ?\n<spk 1> Oui.'],
    [
      'names in capitals',
      '[locuteur_1:] Bonjour.\n[MARIE DUPONT:] Bonjour à vous.\n[MARIE  DUPONT:] Ça va ?\n[Locuteur 01:] Oui.',
    ],
    [
      'a turn without words',
      '[speaker1:] Bonjour.\n[speaker2:]\n[Marie Dupont:] Bonjour à vous. Ça va ?\n[speaker1:] Oui.',
    ],
    ['the form itself', form],
  ])('%s', (_name, text) => {
    expect(outcome({ dialogue: {} }, documentOf(text))).toBe(form);
  });

  test('names before a colon, where each speaks twice', () => {
    const play = 'ARGAN : Holà.\nTOINETTE : On y va.\nARGAN : Chienne !\nTOINETTE : Ah !';
    expect(outcome({ dialogue: {} }, documentOf(play))).toBe(
      '[Argan:] Holà.\n[Toinette:] On y va.\n[Argan:] Chienne !\n[Toinette:] Ah !',
    );
    expect(verdict({ dialogue: {} }, 'Nom : Dupont\nPrénom : Marie\nVille : Lyon\nÂge : 30')).toBe('kept');
  });

  test('the word for a speaker is that of the language', () => {
    const text = '[spk01:] a b\n[spk02:] c d\n[spk01:] e f';
    for (const [language, word] of [
      ['en', 'Speaker'],
      ['de', 'Sprecher'],
      ['es', 'Interlocutor'],
      ['it', 'Interlocutore'],
    ])
      expect(outcome({ dialogue: {} }, documentOf(text, { language: language! }))).toContain(
        `[${word} 2:] c d`,
      );
  });

  test('three turns make a conversation, in half of the lines', () => {
    expect(verdict({ dialogue: {} }, '[a:] un\n[b:] deux')).toBe('kept');
    const prose = ['un', 'deux', 'trois', 'quatre'].join('\n');
    expect(verdict({ dialogue: {} }, `${prose}\n[spk1:] a\n[spk2:] b\n[spk1:] c`)).toBe('kept');
    expect(verdict({ dialogue: {} }, `un\n\n[spk1:] a\n[spk2:] b\n[spk1:] c`)).toBe(
      'un\n[Intervenant 1:] a\n[Intervenant 2:] b\n[Intervenant 1:] c',
    );
  });
});

describe('addresses and numbers of views', () => {
  test.each([
    ['a line that is an address', 'Un.\nhttps://www.example.org/a?b=c\nDeux.', 'Un.\nDeux.'],
    ['a source', 'Un.\nSource : http://www.example.org', 'Un.'],
    ['a number of views', 'Un.\n- 1 024 vues', 'Un.'],
    ['behind the last sentence', 'Un.\n\nDeux. - 12 VUES', 'Un.\n\nDeux.'],
    ['both', 'Un.\n\nhttp://a.example - 12 vues\n\n3 views.', 'Un.'],
    [
      'an address in a sentence stays',
      'Voir https://www.example.org pour la suite.',
      'Voir https://www.example.org pour la suite.',
    ],
    [
      'a number of views in a sentence stays',
      'La vidéo a 12 vues.\nC’est peu.',
      'La vidéo a 12 vues.\nC’est peu.',
    ],
  ])('%s', (_name, text, expected) => {
    expect(outcome({ counters: {} }, documentOf(text))).toBe(expected);
  });

  test('nothing else is nothing', () => {
    expect(verdict({ counters: {} }, '12 vues\nhttp://a.example')).toBe(
      'counters: nothing but addresses and counters',
    );
  });
});

describe('pages', () => {
  const prose = (i: number) =>
    `La page numéro ${'un deux trois quatre cinq six sept huit neuf dix onze douze'.split(' ')[i]} parle de la pluie et du beau temps.`;
  const pages = (count: number, more = '') =>
    Array.from({ length: count }, (_, i) => `${more}${prose(i)}`).join('\f');

  test('a line on ten pages is a header, on nine it is not', () => {
    const header = 'Thèse de doctorat\n';
    expect(outcome({ pageNoise: {} }, documentOf(pages(10, header)))).not.toContain('Thèse');
    expect(outcome({ pageNoise: {} }, documentOf(pages(9, header))).match(/Thèse/g)).toHaveLength(9);
    // Nine characters are too few to be sure.
    expect(outcome({ pageNoise: {} }, documentOf(pages(10, 'Une thèse\n'))).match(/Une thèse/g)).toHaveLength(
      10,
    );
  });

  test.each([
    ['few words', 'un deux trois quatre cinq six', 'un deux trois quatre cinq'],
    [
      'lines',
      `${'x\n'.repeat(100)}${'mot et mots '.repeat(40)}${'\nun'.repeat(99)}`,
      `${'x\n'.repeat(101)}${'mot et mots '.repeat(40)}${'\nun'.repeat(99)}`,
    ],
    ['short words', 'a a a ab ab ab', 'a a a a ab ab'],
    ['long words', 'abcdefghij '.repeat(6), `${'abcdefghij '.repeat(5)}abcdefghijk`],
    ['punctuation', 'un, un. un- un! un ab', 'un, un. un- un! un a'],
    ['digits', 'une page avec deux mots 123456', 'une page avec deux mots 1234567'],
  ])('bounds of a page: %s', (_name, good, bad) => {
    const around = (page: string) => documentOf(`${prose(0)}\f${page}\f${prose(1)}`);
    const result = (page: string) => outcome({ pageNoise: {} }, around(page));
    expect(result(good)).toBe(`${prose(0)}\n\n${good.trim()}\n\n${prose(1)}`);
    expect(result(bad)).toBe(`${prose(0)}\n\n${prose(1)}`);
  });

  test('page numbers go, numbers in the text stay', () => {
    const text = `– 11 –\n${prose(0)}\n1914\n${prose(1)}\n12/340\f${prose(2)}\n[13]`;
    expect(outcome({ pageNoise: {} }, documentOf(text))).toBe(
      `${prose(0)}\n1914\n${prose(1)}\n\n${prose(2)}`,
    );
  });

  test('a work without pages keeps all but its repeated lines', () => {
    expect(verdict({ pageNoise: {} }, '12\n34')).toBe('kept');
    expect(outcome({ pageNoise: {} }, documentOf(`${'Bas de page n\n\n\n'.repeat(10)}fin`)).trim()).toBe(
      'fin',
    );
  });

  test('no page of prose is no document', () => {
    expect(verdict({ pageNoise: {} }, '1\f2')).toBe('page-noise: no page of prose');
  });

  test('form feeds never stay', () => {
    expect(outcome({}, documentOf('un\f\f deux\n\ftrois'))).toBe('un\n\ndeux\n\ntrois');
  });
});
