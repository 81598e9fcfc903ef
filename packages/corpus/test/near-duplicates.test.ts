import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { jaccard, MinHash, shingles } from '../src/clean/min-hash.ts';
import { NearDuplicates } from '../src/clean/near-duplicates.ts';
import { hash53, normalisedWords } from '../src/clean/words.ts';

const options = { shingle: 5, bands: 14, rows: 8, threshold: 0.8 };

const vocabulary = Array.from({ length: 400 }, (_, i) => `mot${i.toString(36)}`);

function randomWords(random: Random, length: number): string[] {
  return Array.from({ length }, () => vocabulary[random.below(vocabulary.length)]!);
}

/** The words with some of them replaced. */
function mutate(words: string[], opts: { random: Random; changes: number }): string[] {
  const copy = [...words];
  for (let i = 0; i < opts.changes; i++)
    copy[opts.random.below(copy.length)] = `neuf${opts.random.below(1000)}`;
  return copy;
}

/** Runs of five words, as strings: the definition. */
const runsOf = (() => {
  const known = new Map<string, Set<string>>();
  return (text: string): Set<string> => {
    const words = text.split(' ');
    const runs =
      known.get(text) ??
      new Set(words.length < 5 ? [text] : words.slice(4).map((_, i) => words.slice(i, i + 5).join(' ')));
    known.set(text, runs);
    return runs;
  };
})();

function trueSimilarity(a: string, b: string): number {
  const common = runsOf(a).intersection(runsOf(b)).size;
  return common / (runsOf(a).size + runsOf(b).size - common);
}

describe('shingles', () => {
  test('as many as the definition says, sorted, each once', () => {
    const random = new Random(3, 'shingles');
    for (const length of [1, 3, 4, 5, 6, 50, 300]) {
      const words = randomWords(random, length);
      const set = shingles(words.join(' '), 5);
      const runs = runsOf(words.join(' '));
      expect(set).toHaveLength(runs.size);
      expect([...set]).toEqual([...new Set(set)].sort((a, b) => a - b));
    }
    expect(shingles('', 5)).toHaveLength(0);
  });

  test('order of words counts, and the place in the text does not', () => {
    expect(shingles('a b c d e', 5)).not.toEqual(shingles('b a c d e', 5));
    expect(shingles('a b c d', 5)).not.toEqual(shingles('a b d c', 5));
    const [run] = shingles('a b c d e', 5);
    for (let i = 0; i < 7; i++)
      expect([...shingles(`${'x '.repeat(i)}a b c d e y`, 5)], `behind ${i} words`).toContain(run);
  });

  test('jaccard agrees with the definition', () => {
    const random = new Random(4, 'jaccard');
    for (let i = 0; i < 50; i++) {
      const words = randomWords(random, 5 + random.below(200));
      const other = mutate(words, { random, changes: random.below(20) });
      const [a, b] = [words.join(' '), other.join(' ')];
      expect(jaccard(shingles(a, 5), shingles(b, 5))).toBeCloseTo(trueSimilarity(a, b), 12);
    }
    expect(jaccard(new Uint32Array(), new Uint32Array())).toBe(1);
  });
});

test('the part of equal places in two signatures estimates their similarity', () => {
  const random = new Random(5, 'estimate');
  const hash = new MinHash(512, 1);
  for (const changes of [0, 2, 6, 15, 40]) {
    const words = randomWords(random, 250);
    const a = shingles(words.join(' '), 5);
    const b = shingles(mutate(words, { random, changes }).join(' '), 5);
    const [left, right] = [hash.signature(a), hash.signature(b)];
    const equal = left.filter((value, i) => value === right[i]).length / 512;
    const expected = jaccard(a, b);
    // Four standard deviations of a mean of 512 coin tosses.
    expect(Math.abs(equal - expected)).toBeLessThanOrEqual(4 * Math.sqrt((expected * (1 - expected)) / 512));
  }
});

describe('NearDuplicates against brute force', () => {
  const random = new Random(6, 'planted');
  const documents: { id: string; text: string }[] = [];
  for (let i = 0; i < 120; i++) {
    const words = randomWords(random, 60 + random.below(200));
    documents.push({ id: `${i}`, text: words.join(' ') });
    for (let k = 0; k < 3; k++)
      documents.push({
        id: `${i}.${k}`,
        text: mutate(words, { random, changes: random.below(6) }).join(' '),
      });
  }
  const near = new NearDuplicates(options, 1);
  const verdicts = documents.map(({ id, text }) => ({ id, match: near.offer(id, text) }));
  const refused = new Map(verdicts.filter(({ match }) => match).map(({ id, match }) => [id, match!]));
  const textOf = new Map(documents.map(({ id, text }) => [id, text]));

  test('every refusal is right: its survivor stays and is at least as similar as it says', () => {
    expect(refused.size).toBeGreaterThan(100);
    for (const [id, match] of refused) {
      expect(refused.has(match.id)).toBe(false);
      const similarity = trueSimilarity(textOf.get(id)!, textOf.get(match.id)!);
      expect(similarity).toBeCloseTo(match.similarity, 12);
      expect(similarity).toBeGreaterThanOrEqual(0.8);
    }
  });

  test('few pairs of survivors are near, as the theory says, and none above 0.95', () => {
    const survivors = documents.filter(({ id }) => !refused.has(id));
    let missed = 0;
    for (const [i, a] of survivors.entries()) {
      for (const b of survivors.slice(i + 1)) {
        const similarity = trueSimilarity(a.text, b.text);
        if (similarity >= 0.8) missed++;
        expect(similarity).toBeLessThan(0.95);
      }
    }
    expect(missed / (missed + refused.size)).toBeLessThan(0.08);
  });

  test('a pair below the threshold stays, however many places agree', () => {
    const words = randomWords(random, 100);
    const strict = new NearDuplicates({ ...options, threshold: 0.99 }, 1);
    expect(strict.offer('a', words.join(' '))).toBeUndefined();
    expect(strict.offer('b', [...words.slice(0, 99), 'autre'].join(' '))).toBeUndefined();
    expect(strict.offer('c', words.join(' '))).toEqual({ id: 'a', similarity: 1 });
  });

  test('a chain of small changes ends where it is no longer near a survivor', () => {
    const index = new NearDuplicates(options, 1);
    const words = randomWords(random, 300);
    // Each step replaces another stretch: 0.93 to the step before, less and less to the first.
    const steps = Array.from({ length: 6 }, (_, step) =>
      words.map((word, i) => (i < 10 * step ? `pas${i}` : word)).join(' '),
    );
    const verdicts = steps.map((text, step) => index.offer(`${step}`, text)?.id);
    expect(trueSimilarity(steps[0]!, steps[5]!)).toBeLessThan(0.75);
    expect(trueSimilarity(steps[4]!, steps[5]!)).toBeGreaterThan(0.9);
    expect(verdicts[1]).toBe('0');
    const survivors = verdicts.flatMap((verdict, step) => (verdict === undefined ? [`${step}`] : []));
    expect(survivors.length).toBeGreaterThan(1);
    for (const verdict of verdicts) if (verdict !== undefined) expect(survivors).toContain(verdict);
  });

  test('what is forgotten is compared with no more', () => {
    const index = new NearDuplicates(options, 1);
    const text = randomWords(random, 80).join(' ');
    index.offer('a', text);
    index.forget('a');
    expect(index.offer('b', text)).toBeUndefined();
    expect(index.offer('c', text)).toEqual({ id: 'b', similarity: 1 });
  });
});

test('normalised words: case, accents composed or not, punctuation', () => {
  expect(normalisedWords("  L’ÉTÉ, c'est «\u00a0l’été\u00a0» : 1\u202f000 !")).toBe(
    'l été c est l été 1 000',
  );
  expect(normalisedWords('e\u0301te\u0301')).toBe(normalisedWords('été'));
  expect(normalisedWords('... —')).toBe('');
});

test('hash53 is a safe integer and tells 100,000 short texts apart', () => {
  const seen = new Set<number>();
  for (let i = 0; i < 100_000; i++) seen.add(hash53(`ligne ${i}`));
  expect(seen.size).toBe(100_000);
  for (const hash of seen) if (!Number.isSafeInteger(hash) || hash < 0) expect.fail(String(hash));
});
