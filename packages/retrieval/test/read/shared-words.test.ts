import { expect, test } from 'vitest';
import { SharedWords } from '../../src/read/training/shared-words.ts';

const passages = [
  'Le moulin tourne.',
  'Le moulin moud le seigle.',
  'Le moulin est fermé.',
  'La place est vide.',
].map((text, i) => ({ text, i }));
const found = (question: string, count = 9, accepts = (_: { i: number }) => true) =>
  new SharedWords(passages).nearest(question, count, accepts).map(({ i }) => i);

test('rare words count more than frequent ones; none shared is none found', () => {
  // `moulin` stands in three of four passages, `seigle` and `vide` in one: ln 4/3 against ln 4.
  expect(found('Quel moulin moud du seigle ?')).toEqual([1, 0, 2]);
  expect(found('Un moulin vide ?')).toEqual([3, 0, 1, 2]);
  expect(found('Qui danse ?')).toEqual([]);
});

test('no more than asked for, and only what is accepted', () => {
  expect(found('Un moulin vide ?', 2)).toEqual([3, 0]);
  expect(found('Un moulin vide ?', 2, ({ i }) => i > 0)).toEqual([3, 1]);
});
