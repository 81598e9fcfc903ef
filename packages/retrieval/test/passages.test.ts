import { describe, expect, it } from 'vitest';
import type { Block } from '../src/document.ts';
import { cutPassages } from '../src/index.ts';
import { madeDocument } from './made-document.ts';

const sentence = (i: number): string => `La phrase numéro ${i} parle du temps qu'il fait au bord de la mer.`;
const long = Array.from({ length: 40 }, (_, i) => sentence(i)).join(' ');
const table = ['Ville | Habitants', ...Array.from({ length: 200 }, (_, i) => `Ville ${i} | ${i * 10}`)].join(
  '\n',
);

describe('cutPassages', () => {
  const document = madeDocument('Cours', [
    [
      '# Un',
      '## Un un',
      'Premier paragraphe.',
      '## Un deux',
      'Deuxième : voici',
      { kind: 'list', text: '- a\n- b' },
    ],
    ['La suite.', '# Deux', long, { kind: 'table', text: table }, '# Contrôle le 12 mars', '   '],
  ]);
  const passages = cutPassages(document);

  it('gives exact spans of blocks, each word once', () => {
    for (const { page, paragraph, start, end, text } of passages) {
      const block = document.pages[page - 1]!.blocks[paragraph - 1]!;
      expect(block.text.slice(start, end)).toBe(text);
      expect(text).toBe(text.trim());
      expect(text).not.toBe('');
    }
    const words = passages
      .filter(({ page, paragraph }) => page === 2 && paragraph === 3)
      .map(({ text }) => text);
    expect(words.join(' ')).toBe(long);
  });

  it('lets headings travel with what follows, over pages', () => {
    const headings = (text: string) => passages.find((one) => one.text === text)?.headings;
    expect(headings('Premier paragraphe.')).toEqual(['Un', 'Un un']);
    expect(headings('La suite.')).toEqual(['Un', 'Un deux']);
    expect(headings('Deuxième : voici')).toEqual(['Un', 'Un deux']);
    expect(passages.filter(({ kind }) => kind === 'heading').map(({ text }) => text)).toEqual([]);
  });

  it('keeps a heading that says something itself', () => {
    const last = cutPassages(
      madeDocument('x', [['# Sujet', 'Texte.', '# Contrôle le 12 mars', '# Fin', 'Texte.', '# Rideau']]),
    );
    expect(last.map(({ kind, text, headings }) => [kind, text, headings])).toEqual([
      ['text', 'Texte.', ['Sujet']],
      ['heading', 'Contrôle le 12 mars', []],
      ['text', 'Texte.', ['Fin']],
      ['heading', 'Rideau', []],
    ]);
  });

  it('parts long texts between sentences, evenly', () => {
    const parts = passages.filter(({ page, paragraph }) => page === 2 && paragraph === 3);
    const counts = parts.map(({ text }) => text.split(/\s+/).length);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.every(({ text }) => text.startsWith('La phrase') && text.endsWith('.'))).toBe(true);
    expect(Math.max(...counts)).toBeLessThanOrEqual(150);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(30);
  });

  it('keeps rows whole and gives their table’s head to those further down', () => {
    const parts = passages.filter(({ kind }) => kind === 'table');
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map(({ head }) => head)).toEqual([
      undefined,
      ...parts.slice(1).map(() => 'Ville | Habitants'),
    ]);
    expect(parts.flatMap(({ text }) => text.split('\n'))).toEqual(table.split('\n'));
  });

  it('keeps a short list together, with the line that announces it', () => {
    const list: Block = { kind: 'list', text: '- vinaigre\n- sel\n' };
    const [, one] = cutPassages(madeDocument('x', [['Il faut :', list]]));
    expect(one).toMatchObject({ text: '- vinaigre\n- sel', lead: 'Il faut :', kind: 'list' });
    expect(cutPassages(madeDocument('x', [['Il faut.', list]]))[1]).not.toHaveProperty('lead');
  });

  it('parts even what has no sentences', () => {
    const endless = Array.from({ length: 1000 }, (_, i) => `mot${i}`).join(' ');
    const parts = cutPassages(madeDocument('x', [[endless]]));
    expect(parts.map(({ text }) => text).join(' ')).toBe(endless);
    expect(Math.max(...parts.map(({ text }) => text.split(' ').length))).toBeLessThanOrEqual(180);
  });

  it('parts even what has no spaces, between characters', () => {
    const blob = '😀é'.repeat(6000);
    const parts = cutPassages(madeDocument('x', [[blob]]));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map(({ text }) => text).join('')).toBe(blob);
    expect(parts.every(({ text }) => text.isWellFormed())).toBe(true);
  });

  it('gives a heading or a first row beyond reason to no passage below it, and loses none of its words', () => {
    const long = `Fin de titre ${'titre '.repeat(5000)}`.trim();
    const table: Block = { kind: 'table', text: `${'colonne '.repeat(3000)}| b\n${'1 | 2\n'.repeat(900)}` };
    const parts = cutPassages(
      madeDocument('x', [[{ kind: 'heading', level: 1, text: long }, 'Un.', 'Deux.', table]]),
    );
    const carried = parts.map(({ headings, head }) => [...headings, head ?? ''].join('').length);
    expect(Math.max(...carried)).toBeLessThanOrEqual(1300);
    const own = parts.filter(({ kind }) => kind === 'heading').map(({ text }) => text);
    expect(own.join(' ')).toBe(long);
    expect(parts.find(({ text }) => text === 'Deux.')?.headings).toEqual([long.slice(0, 300)]);
  });

  it('looks at each of many headings once', () => {
    const headings = Array.from(
      { length: 60_000 },
      (_, i): Block => ({ kind: 'heading', level: 2, text: `${i}` }),
    );
    expect(cutPassages(madeDocument('x', [headings]))).toHaveLength(60_000);
  });
});
