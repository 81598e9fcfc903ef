import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { Sampler, type SamplingOptions } from '../src/index.ts';
import { draw } from '../src/sampling/draw.ts';
import { argmax, rankedBest } from '../src/sampling/ranking.ts';
import { byteVocabulary, END } from './byte-vocabulary.ts';

const logits = Float32Array.of(1, 3, 2, 0, -1);
const open = { temperature: 1, topK: 0, topP: 1, minP: 0 };
const vocabulary = { size: 5, stopIds: new Set<number>(), bytes: () => new Uint8Array() };

function sampler(options: SamplingOptions & { seed?: number } = {}): Sampler {
  return new Sampler({ ...open, ...options }, { vocabulary });
}

/** Share of each token among many draws, all after the same history. */
function shares(options: SamplingOptions, history: number[] = [], values = logits): number[] {
  const one = sampler({ ...options, seed: 11 });
  const counts = new Array<number>(values.length).fill(0);
  for (let i = 0; i < 4000; i++) counts[one.sample(values, history).token]!++;
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

/** Everything sorted, every weight computed: what the fast ways have to agree with. */
function slowDraw(
  scores: Float32Array,
  { temperature, topK, topP, minP }: typeof open,
  random: Random,
): number {
  const finite = [...scores.keys()].filter((id) => scores[id]! > -Infinity);
  const ranked = finite.sort((a, b) => scores[b]! - scores[a]! || a - b);
  if (temperature === 0 || topK === 1) return ranked[0]!;
  const weight = (id: number) => Math.exp((scores[id]! - scores[ranked[0]!]!) / temperature);
  const cut = topK > 0 && topK < scores.length;
  let kept = cut ? ranked.slice(0, topK) : ranked;
  const total = kept.reduce((sum, id) => sum + weight(id), 0);
  let mass = 0;
  kept = kept.filter((id, place) => {
    const stays = place === 0 || ((topP === 1 || mass < topP * total) && weight(id) >= minP);
    mass += weight(id);
    return stays;
  });
  let rest = random.float() * kept.reduce((sum, id) => sum + weight(id), 0);
  return kept.find((id) => (rest -= weight(id)) < 0) ?? kept.at(-1)!;
}

describe('drawing', () => {
  test('temperature 0 takes the best, the first of equals, and spends no random number', () => {
    expect(sampler({ temperature: 0 }).sample(logits, []).token).toBe(1);
    expect(sampler({ temperature: 0 }).sample(Float32Array.of(0, 5, 5, 1, 1), []).token).toBe(1);
  });

  test('by the softmax, flatter when hotter', () => {
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

  test('minP also holds where topP looks at everything', () => {
    // 0.72 below the best: 0.487 of it, in a vocabulary whose tail top-p cuts.
    const values = Float32Array.of(0, -0.72, ...new Array<number>(30).fill(-3));
    for (const topP of [1, 0.999]) {
      expect(shares({ minP: 0.5, topP }, [], values)[0]).toBe(1);
      expect(shares({ minP: 0.48, topP }, [], values)[1]).toBeGreaterThan(0.3);
      expect(shares({ minP: 1, topP }, [], Float32Array.of(0, -0.2, -3))[0]).toBe(1);
    }
  });

  test('a temperature of next to nothing takes the best', () => {
    const values = Float32Array.of(1, 20, 19.999);
    for (const minP of [0, 0.05, 1]) {
      expect(shares({ temperature: 1e-300, minP }, [], values)[1]).toBe(1);
      expect(shares({ temperature: 1e-17, minP, topP: 0.9 }, [], values)[1]).toBe(1);
    }
  });

  test('every fast way draws what sorting everything draws', () => {
    const random = new Random(3);
    for (let round = 0; round < 400; round++) {
      const size = [3, 50, 4000][round % 3]!;
      const spread = [0.01, 0.3, 3, 12][random.below(4)]!;
      // Some rounded, so that there are many equals.
      const grain = [8, 1000][random.below(2)]!;
      const scores = Float32Array.from(
        { length: size },
        () => Math.round(grain * spread * random.normal()) / grain,
      );
      for (let i = random.below(5); i > 0; i--) {
        scores[random.below(size)] = random.below(2) ? Number.NaN : -Infinity;
      }
      if (argmax(scores) < 0) continue;
      const options = {
        temperature: [0, 1e-300, 0.2, 1, 1.7, 80][random.below(6)]!,
        topK: [0, 0, 1, 5, 40, 2500, 5000][random.below(7)]!,
        topP: [1, 0.95, 0.5, 0.999][random.below(4)]!,
        minP: [0, 0, 1e-9, 0.05, 0.3, 0.5, 0.9, 1][random.below(8)]!,
      };
      for (let seed = 0; seed < 3; seed++) {
        const found = draw(scores, options, new Random(seed));
        expect(found, JSON.stringify({ round, options, seed })).toBe(
          slowDraw(scores, options, new Random(seed)),
        );
      }
    }
  });

  test('the best k of many, the first of equals first', () => {
    const random = new Random(8);
    for (const k of [1, 3, 20, 200]) {
      const many = Float32Array.from({ length: 3000 }, () => Math.round(4 * random.normal()) / 4);
      const expected = [...many.keys()].sort((a, b) => many[b]! - many[a]! || a - b).slice(0, k);
      expect([...rankedBest(many, k)]).toEqual(expected);
    }
    expect([...rankedBest(Float32Array.of(-0, 0, Number.NaN, -Infinity), 9)]).toEqual([0, 1]);
  });

  test('the same seed draws the same, another does not, and logits are left as they are', () => {
    const many = Float32Array.from({ length: 5 }, (_, i) => i / 10);
    const run = (seed: number) => {
      const one = sampler({ seed, repetitionPenalty: 1.1, logitBias: new Map([[1, 2]]) });
      return Array.from({ length: 40 }, () => one.sample(many, [2]).token);
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
    expect([...many]).toEqual([...Float32Array.from({ length: 5 }, (_, i) => i / 10)]);
  });

  test('NaN is never drawn, and nothing but NaN is an error', () => {
    const some = Float32Array.of(Number.NaN, 1, Number.NaN);
    expect(sampler().sample(some, []).token).toBe(1);
    expect(sampler({ temperature: 0 }).sample(some, []).token).toBe(1);
    for (const none of [Float32Array.of(Number.NaN, -Infinity), Float32Array.of(1, Infinity)]) {
      expect(() => sampler().sample(none, [])).toThrow(expect.objectContaining({ code: 'LOGITS_INVALID' }));
    }
  });
});

describe('penalties and bias', () => {
  test('a repetition becomes less probable, whatever its sign', () => {
    expectClose(shares({ repetitionPenalty: 2 }, [1, 4]), softmax([1, 1.5, 2, 0, -2]));
  });

  test('tokens said long ago are free again', () => {
    const history = [1, ...new Array<number>(64).fill(3)];
    expectClose(shares({ repetitionPenalty: 10 }, history), softmax(logits));
    expectClose(shares({ repetitionPenalty: 3 }, history.slice(0, 64)), softmax([1, 1, 2, 0, -1]));
  });

  test('frequency counts each time, presence once, both in the answer alone', () => {
    const equal = new Float32Array(5);
    const options = { temperature: 0, frequencyPenalty: 0.5, presencePenalty: 0.25 };
    const one = sampler(options);
    // Each is said once before any is said again; a bonus for the last makes up for one penalty of 0.75.
    const first = Array.from({ length: 5 }, () => one.sample(equal, [4, 4, 4]).token);
    expect(first).toEqual([0, 1, 2, 3, 4]);
    const bonus = Float32Array.of(0, 0, 0, 0, 0.74);
    const counted = sampler(options);
    expect([0, 1, 2].map(() => counted.sample(bonus, []).token)).toEqual([4, 0, 1]);
    const more = Float32Array.of(-9, -9, -9, 0, 1.3);
    const twice = sampler(options);
    // 1.3, then 0.55, then 0.05, then −0.45 against 0 − nothing.
    expect([0, 1, 2, 3].map(() => twice.sample(more, []).token)).toEqual([4, 4, 4, 3]);
  });

  test('a bias is added before the penalty; −100 bans', () => {
    const options = { repetitionPenalty: 2, logitBias: new Map([[0, 3]]) };
    expectClose(shares(options, [0]), softmax([2, 3, 2, 0, -1]));
    const banned = { temperature: 0, logitBias: new Map([[1, -100]]) };
    expect(sampler(banned).sample(Float32Array.of(0, 1e6, 1, 0, 0), []).token).toBe(2);
    const all = new Map([0, 1, 2, 3, 4].map((id) => [id, -100]));
    expect(() => sampler({ logitBias: all }).sample(logits, [])).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});

describe('log probabilities', () => {
  test('are of the raw logits, and absent unless asked for', () => {
    const one = sampler({ temperature: 0, repetitionPenalty: 9, topLogprobs: 2 });
    const { token, logprob, top } = one.sample(logits, [1]);
    const expected = softmax(logits).map(Math.log);
    expect(token).toBe(2);
    expect(logprob).toBeCloseTo(expected[2]!, 6);
    expect(top!.map((each) => each.token)).toEqual([1, 2]);
    expect(top![0]!.logprob).toBeCloseTo(expected[1]!, 6);
    expect(sampler({ topLogprobs: 0 }).sample(logits, []).top).toEqual([]);
    expect(sampler().sample(logits, [])).not.toHaveProperty('logprob');
  });

  test('large logits do not overflow', () => {
    const one = sampler({ temperature: 0, topLogprobs: 0 });
    expect(one.sample(Float32Array.of(900, 900, -900, Number.NaN, 0), []).logprob).toBeCloseTo(
      -Math.log(2),
      6,
    );
  });
});

test.each([
  { temperature: -1 },
  { temperature: Number.NaN },
  { topK: 1.5 },
  { topP: 0 },
  { topP: 1.01 },
  { minP: -0.1 },
  { repetitionPenalty: 0 },
  { frequencyPenalty: 2.1 },
  { presencePenalty: Number.NaN },
  { topLogprobs: 21 },
  { seed: 0.5 },
  { logitBias: new Map([[byteVocabulary.size, 1]]) },
  { logitBias: new Map([[END, Number.NaN]]) },
])('%o is refused', (options) => {
  expect(() => new Sampler(options, { vocabulary: byteVocabulary })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID' }),
  );
});
