import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { sample, samplingDefaults } from '../src/sampling/sampling.ts';

const logits = Float32Array.of(1, 3, 2, 0, -1);
const open = { ...samplingDefaults, temperature: 1, topK: 0, topP: 1 };

/** Share of each token among many draws. */
function shares(
  options: Partial<typeof samplingDefaults>,
  history: number[] = [],
  values = logits,
): number[] {
  const random = new Random(11);
  const counts = new Array<number>(values.length).fill(0);
  for (let i = 0; i < 4000; i++) counts[sample(values, history, { ...open, ...options, random }).token]!++;
  return counts.map((count) => count / 4000);
}

function softmax(values: ArrayLike<number>): number[] {
  const weights = Array.from(values, Math.exp);
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

function expectClose(found: number[], expected: number[]): void {
  for (const [i, share] of expected.entries()) expect(Math.abs(found[i]! - share)).toBeLessThan(0.03);
}

describe('sample', () => {
  test('temperature 0 takes the best, the first of equals', () => {
    expect(sample(logits, [], { ...open, temperature: 0, random: new Random(1) }).token).toBe(1);
    const equal = Float32Array.of(0, 5, 5);
    expect(sample(equal, [], { ...open, temperature: 0, random: new Random(1) }).token).toBe(1);
  });

  test('draws by the softmax, flatter when hotter', () => {
    expectClose(shares({}), softmax(logits));
    expectClose(shares({ temperature: 2 }), softmax(logits.map((value) => value / 2)));
  });

  test('topK keeps the k best', () => {
    const [, first, second] = softmax(logits);
    const sum = first! + second!;
    expectClose(shares({ topK: 2 }), [0, first! / sum, second! / sum, 0, 0]);
    expect(shares({ topK: 1 })).toEqual([0, 1, 0, 0, 0]);
  });

  test('topP keeps the smallest set that reaches it', () => {
    // The best has 0.64, the two best 0.87.
    expect(shares({ topP: 0.6 })).toEqual([0, 1, 0, 0, 0]);
    expect(shares({ topP: 0.7 }).map((share) => share > 0)).toEqual([false, true, true, false, false]);
  });

  test('minP keeps what is near enough to the best', () => {
    // e^-1 = 0.37 of the best, e^-2 = 0.14.
    expect(shares({ minP: 0.2 }).map((share) => share > 0)).toEqual([false, true, true, false, false]);
  });

  test('a penalty makes what was said less probable, whatever its sign', () => {
    expectClose(shares({ repetitionPenalty: 2 }, [1, 4]), softmax([1, 1.5, 2, 0, -2]));
  });

  test('tokens said long ago are free again', () => {
    const history = [1, ...new Array<number>(64).fill(3)];
    expectClose(shares({ repetitionPenalty: 10 }, history), softmax(logits));
  });

  test('the log probability is of the raw logits', () => {
    const options = { ...open, temperature: 0, repetitionPenalty: 9, random: new Random(1) };
    const { token, logprob } = sample(logits, [1], options);
    expect(token).toBe(2);
    expect(logprob).toBeCloseTo(Math.log(softmax(logits)[2]!), 6);
  });

  test('a large vocabulary with topK draws what sorting all would draw', () => {
    const random = new Random(3);
    const many = Float32Array.from({ length: 5000 }, () => Math.round(10 * random.normal()) / 10);
    const kept = [...many.keys()].sort((a, b) => many[b]! - many[a]! || a - b).slice(0, 40);
    const weights = kept.map((id) => Math.exp(many[id]!));
    let rest = new Random(5).float() * weights.reduce((a, b) => a + b);
    const expected = kept[weights.findIndex((weight) => (rest -= weight) < 0)];
    expect(sample(many, [], { ...open, topK: 40, random: new Random(5) }).token).toBe(expected);
  });

  test('NaN is never drawn, and nothing but NaN is an error', () => {
    const some = Float32Array.of(Number.NaN, 1, Number.NaN);
    expect(sample(some, [], { ...open, random: new Random(1) }).token).toBe(1);
    expect(sample(some, [], { ...open, temperature: 0, random: new Random(1) }).token).toBe(1);
    const none = Float32Array.of(Number.NaN, -Infinity);
    expect(() => sample(none, [], { ...open, random: new Random(1) })).toThrow(RangeError);
  });
});
