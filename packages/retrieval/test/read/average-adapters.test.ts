import { expect, test } from 'vitest';
import type { Adapter } from '../../src/read/adapter.ts';
import { parseE5 } from '../../src/read/e5-file.ts';
import { averageAdapters } from '../../src/read/training/average-adapters.ts';
import { madeAdapter } from './made-adapter.ts';
import { madeE5 } from './made-e5.ts';

const file = parseE5(madeE5(), 'x');
const made = (more: Partial<Parameters<typeof madeAdapter>[1]> = {}): Adapter =>
  madeAdapter(file, { base: 'c'.repeat(64), ...more });

test('the mean of every matrix and of the head, with the facts of the last', () => {
  const [a, b] = [made({ seed: 1 }), made({ seed: 2 })];
  const mean = averageAdapters([a, b]);
  expect([...mean.pairs.keys()]).toEqual([...b.pairs.keys()]);
  for (const [name, { A, B }] of mean.pairs) {
    const [one, two] = [a.pairs.get(name)!, b.pairs.get(name)!];
    expect(A).toEqual(one.A.map((value, i) => (value + two.A[i]!) / 2));
    expect(B).toEqual(one.B.map((value, i) => (value + two.B[i]!) / 2));
  }
  expect(mean.classifier.weight[5]).toBeCloseTo((a.classifier.weight[5]! + b.classifier.weight[5]!) / 2, 7);
  expect(mean.classifier.bias).not.toEqual(b.classifier.bias);
  expect({ ...mean, pairs: 0, classifier: 0 }).toEqual({ ...b, pairs: 0, classifier: 0 });
});

test('an adapter and itself give itself', () => {
  const one = made();
  expect(averageAdapters([one, one])).toEqual(one);
});

test.each([
  ['rank', made({ rank: 3 })],
  ['alpha', made({ alpha: 8 })],
  ['base', made({ base: 'd'.repeat(64) })],
  ['matrices', made({ only: /^encoder\.layer\.0/ })],
])('another %s is refused with both', (_, other) => {
  expect(() => averageAdapters([other, made()])).toThrow(
    expect.objectContaining({ code: 'ADAPTER_FOREIGN', message: expect.stringMatching(/rank .*matrices/) }),
  );
});
