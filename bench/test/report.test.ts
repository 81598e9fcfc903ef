import { describe, expect, test } from 'vitest';
import { compare, median } from '../report.ts';
import { benchShapes } from '../train/shapes.ts';

describe('figures of a bench', () => {
  test('the median of odd and even counts, in any order, without touching its input', () => {
    const values = [5, 1, 9];
    expect(median(values)).toBe(5);
    expect(values).toEqual([5, 1, 9]);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
  });

  test('the ratio is the median of the alternations, not the ratio of the medians', () => {
    // Alternation by alternation: 2, 0.5, 1.5.
    const result = compare([20, 5, 30], [10, 10, 20]);
    expect(result).toEqual({ ours: 20, peer: 10, ratio: 1.5, runs: 3, low: 0.5, high: 2 });
  });

  test('the interval leaves out a twentieth at each end once there are enough alternations', () => {
    const ours = Array.from({ length: 40 }, (_, i) => i + 1);
    const result = compare(ours, Array(40).fill(1));
    expect([result.low, result.high]).toEqual([3, 38]);
  });

  test('what does not belong together is refused', () => {
    expect(() => compare([1], [1, 2])).toThrow(RangeError);
    expect(() => compare([], [])).toThrow(RangeError);
  });
});

test('the shapes are those that the issue names', () => {
  const [nano, nine] = benchShapes;
  expect(nano).toMatchObject({ batch: 16, length: 256, threads: 2 });
  expect(nano!.config).toMatchObject({
    num_hidden_layers: 4,
    hidden_size: 128,
    vocab_size: 4096,
    tie_word_embeddings: true,
  });
  const c = nine!.config;
  const layer = 4 * c.hidden_size ** 2 + 3 * c.hidden_size * c.intermediate_size;
  expect(2 * c.vocab_size * c.hidden_size + c.num_hidden_layers * layer).toBe(9_306_112);
});
