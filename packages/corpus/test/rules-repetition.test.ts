import { Random } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { TextStats } from '../src/clean/rules/text-stats.ts';

/** The definitions written out: every run of n words as a string, counted. */
function bruteForce(words: readonly string[], n: number) {
  const length = (some: readonly string[]) => some.reduce((sum, word) => sum + [...word].length, 0);
  const counts = new Map<string, number>();
  const run = (i: number) => words.slice(i, i + n);
  for (let i = 0; i + n <= words.length; i++)
    counts.set(run(i).join(' '), (counts.get(run(i).join(' ')) ?? 0) + 1);
  const [top, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0] as [string, number]);
  const covered = new Set<number>();
  for (let i = 0; i + n <= words.length; i++)
    if (counts.get(run(i).join(' '))! > 1) for (let k = i; k < i + n; k++) covered.add(k);
  const total = length(words);
  return {
    top: count > 1 ? (length(top.split(' ')) * count) / total : 0,
    duplicated: total === 0 ? 0 : length([...covered].map((i) => words[i]!)) / total,
  };
}

test('repetition is what counting every run gives, from no repetition to nothing else', () => {
  const random = new Random(7, 'repetition');
  for (let round = 0; round < 300; round++) {
    const vocabulary = 1 + random.below(round % 3 === 0 ? 3 : 60);
    const words = Array.from(
      { length: random.below(120) },
      () => 'abcdefg'.slice(0, 1 + random.below(3)) + random.below(vocabulary),
    );
    // Sometimes a passage stands twice.
    if (words.length > 40 && round % 2 === 0) words.splice(30, 0, ...words.slice(3, 3 + random.below(20)));
    const { repetition } = new TextStats(words.join(' '));
    for (const n of [2, 3, 4]) expect(repetition.top.get(n)).toBe(bruteForce(words, n).top);
    for (const n of [5, 6, 7, 8, 9, 10])
      expect(repetition.duplicated.get(n)).toBe(bruteForce(words, n).duplicated);
  }
});

test('of equally frequent runs the first counts', () => {
  const { repetition } = new TextStats('aaa bb - aaa bb - c d - c d');
  // The dash is punctuation and gone: aaa bb aaa bb c d c d, in which `aaa bb` and `c d` stand twice.
  expect(repetition.top.get(2)).toBe((5 * 2) / 14);
});
