import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { chunkText } from '../src/clean/rules/ocr/chunk-text.ts';
import { lineKind } from '../src/clean/rules/ocr/noise-lines.ts';
import { tokensPerCharacter } from '../src/clean/rules/ocr/tokens-per-character.ts';
import { documentOf, outcome, verdict } from './rules-helpers.ts';

const good = (i: number) =>
  `Au chapitre ${i}, le vieux pêcheur raconte à ses petits-enfants comment la tempête emporta son premier bateau.`;
const prose = (lines: number, from = 0) => Array.from({ length: lines }, (_, i) => good(from + i)).join('\n');
const noise = ['~J! i; lJ|» .:,I', "Îïl~j 'f;t rnmtt ;», l", ';: .;; |\\ _ i,', 'xT#q ^^ lI1l ||'];
const english = Array.from(
  { length: 6 },
  (_, i) =>
    `In chapter ${i} the old fisherman tells his grandchildren how the storm took away his very first boat.`,
).join('\n');

describe('lines', () => {
  test.each([
    ["L'an 1789, le 14 juillet, à Paris.", 'text'],
    ['MONSIEUR LE PRÉSIDENT', 'text'],
    ['12 345 67,8 %', 'text'],
    ['Mme St. Cyr, Dr', 'text'],
    // Half of the visible characters are a word.
    ['mots ;;;;', 'text'],
    ['mots ;;;;;', 'noise'],
    ['rnmtt', 'noise'],
    ['aBcD eFgH', 'noise'],
    [`${'a'.repeat(25)}`, 'text'],
    [`${'a'.repeat(26)}`, 'noise'],
    ['', 'blank'],
    [' \t ', 'blank'],
    ['[…]', 'blank'],
    ...noise.map((line) => [line, 'noise']),
  ])('%j is %s', (line, kind) => {
    expect(lineKind(line)).toBe(kind);
  });
});

describe('runs of noise', () => {
  const around = (middle: string[]) => `${prose(4)}\n${middle.join('\n')}\n${prose(4, 10)}`;

  test('four lines are cut, three stay', () => {
    expect(outcome({ ocr: {} }, documentOf(around(noise)))).toBe(`${prose(4)}\n[…]\n${prose(4, 10)}`);
    expect(verdict({ ocr: {} }, around(noise.slice(0, 3)))).toBe('kept');
  });

  test('an empty line does not end a run, a good one does', () => {
    const [a, b, c, d] = noise as [string, string, string, string];
    expect(outcome({ ocr: {} }, documentOf(around([a, b, '', c, d])))).toBe(
      `${prose(4)}\n[…]\n${prose(4, 10)}`,
    );
    expect(verdict({ ocr: {} }, around([a, b, good(5), c, d]))).toBe('kept');
  });

  test('at both ends', () => {
    const text = `${noise.join('\n')}\n\n${prose(4)}\n\n${noise.join('\n')}`;
    expect(outcome({ ocr: {} }, documentOf(text))).toBe(`[…]\n${prose(4)}\n[…]`);
  });

  test('a short stretch between two runs goes with them, a long one stays', () => {
    const between = (middle: string) => documentOf(around([...noise, middle, ...noise]));
    expect(outcome({ ocr: {} }, between('mots '.repeat(40).slice(0, 199)))).toBe(
      `${prose(4)}\n[…]\n${prose(4, 10)}`,
    );
    const enough = `${'mots '.repeat(39)}mots.`;
    expect(enough).toHaveLength(200);
    expect(outcome({ ocr: {} }, between(enough))).toBe(`${prose(4)}\n[…]\n${enough}\n[…]\n${prose(4, 10)}`);
  });

  test('of a ruined document nothing is kept', () => {
    const ruined = `${good(1)}${good(2)}\n${`${noise.join('\n')}\n`.repeat(30)}`;
    expect(verdict({ ocr: {} }, ruined)).toBe('ocr/noise: 0.09 < 0.20 kept');
    expect(verdict({ ocr: { minimumKept: 0.05 } }, ruined)).toMatch(/^Au chapitre 1.*\n\[…\]$/);
  });
});

describe('chunks', () => {
  const signs = `${'a, b; '.repeat(60)}fin`;

  test('a chunk with more tokens per character than allowed is cut', () => {
    const share = tokensPerCharacter(signs);
    const options = (maximumTokensPerCharacter: number) => ({
      ocr: { maximumTokensPerCharacter, suspiciousRun: 1000 },
    });
    expect(verdict(options(share), signs)).toBe('kept');
    expect(verdict(options(share - 1e-9), signs)).toMatch(/^ocr\/noise: 0\.00 < 0\.20 kept$/);
  });

  test('tokens: letters by twelve, digits and signs one by one', () => {
    expect(tokensPerCharacter('abc')).toBe(1 / 3);
    expect(tokensPerCharacter('a'.repeat(12))).toBe(1 / 12);
    expect(tokensPerCharacter('a'.repeat(13))).toBe(2 / 13);
    expect(tokensPerCharacter('été 12.')).toBe(4 / 7);
    expect(tokensPerCharacter('')).toBe(0);
  });

  test('a chunk in another language is cut where languages are named', () => {
    const ocr = { maximumChunk: prose(6).length + 1, languages: ['fr', 'de'] };
    const text = `${prose(6)}\n${english}`;
    expect(outcome({ ocr }, documentOf(text))).toBe(`${prose(6)}\n[…]`);
    expect(verdict({ ocr: { ...ocr, languages: ['fr', 'en'] } }, text)).toBe('kept');
    expect(verdict({ ocr: { maximumChunk: ocr.maximumChunk } }, text)).toBe('kept');
  });

  test('the first chunks stay where that is asked', () => {
    const ocr = { maximumChunk: english.length + 1, languages: ['fr'] };
    const text = `${english}\n${prose(6)}`;
    expect(outcome({ ocr }, documentOf(text))).toMatch(/^\[…\]\nAu chapitre/);
    expect(verdict({ ocr: { ...ocr, keepFirst: 1 } }, text)).toBe('kept');
  });

  test('chunks end at lines, else at spaces, never inside a character; together they are the text', () => {
    const random = new Random(5, 'chunks');
    for (let round = 0; round < 200; round++) {
      const alphabet = ['a', 'é', '\u{1f600}', ...(round % 3 ? [' '] : []), ...(round % 2 ? ['\n'] : [])];
      const text = Array.from(
        { length: random.below(900) },
        () => alphabet[random.below(alphabet.length)]!,
      ).join('');
      const chunks = chunkText(text, { maximum: 100, minimum: 20 });
      expect(chunks.join('')).toBe(text);
      for (const [i, chunk] of chunks.entries()) {
        const last = i === chunks.length - 1;
        expect(chunk.length).toBeLessThanOrEqual(last ? 119 : 100);
        expect(chunk.isWellFormed()).toBe(true);
        if (last) continue;
        if (chunk.slice(0, -1).includes('\n')) expect(chunk.at(-1)).toBe('\n');
      }
      if (chunks.length > 1) expect(chunks.at(-1)!.length).toBeGreaterThanOrEqual(20);
    }
  });
});
