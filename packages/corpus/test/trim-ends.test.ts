import { Random } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { settle } from '../src/clean/check-document.ts';
import { tidyLine } from '../src/text/text-blocks.ts';
import { trimBoth, trimLineEnds } from '../src/text/trim-ends.ts';

test('what the regular expressions do that they stand for', () => {
  const random = new Random(1, 'trim');
  for (let i = 0; i < 2000; i++) {
    const text = Array.from({ length: random.below(12) }, () => ' \t\n\nab'[random.below(6)]).join('');
    expect(trimLineEnds(text, ' \t')).toBe(text.replace(/[ \t]+$/gm, ''));
    expect(trimBoth(text, ' \t')).toBe(text.replace(/^[ \t]+|[ \t]+$/g, ''));
  }
});

test('a line of very many spaces does not stop a build', () => {
  const wide = `a${' '.repeat(2_000_000)}b`;
  const document = {
    id: 'a',
    text: wide,
    source: 'a',
    licence: 'CC0-1.0',
    language: 'fr',
    date: '',
    url: '',
    title: '',
  };
  expect(settle({ ...document, extra: '{}' }).text).toBe(wide);
  expect(tidyLine(`a${'\u00a0'.repeat(2_000_000)}b`)).toHaveLength(2_000_002);
});

test('the end of a page stays for the rules on pages', () => {
  const document = {
    id: 'a',
    text: 'un\fdeux',
    source: 'a',
    licence: 'CC0-1.0',
    language: 'fr',
    date: '',
    url: '',
    title: '',
  };
  expect(settle({ ...document, extra: '{}' }).text).toBe('un\fdeux');
});
