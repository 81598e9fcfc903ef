import { describe, expect, test } from 'vitest';
import { makeTexts } from '../dedup/make-texts.ts';
import { recallAndPrecision, runsOf, similarity, truthOf } from '../dedup/truth.ts';

describe('made documents', () => {
  const options = { seed: 3, words: 80, share: 0.4 };

  test('the same for the same seed, others for another', () => {
    expect(makeTexts(50, options)).toEqual(makeTexts(50, options));
    expect(makeTexts(50, { ...options, seed: 4 })).not.toEqual(makeTexts(50, options));
  });

  test('copies are as alike as they should be, from 0.6 to 1, and originals are strangers', () => {
    const texts = makeTexts(600, options);
    const byId = new Map(texts.map((text) => [text.id, runsOf(text.text, 5)]));
    const found = texts
      .filter(({ id, origin }) => id !== origin)
      .map(({ id, origin }) => similarity(byId.get(id)!, byId.get(origin)!));
    expect(found.length).toBeGreaterThan(180);
    for (const [low, high] of [
      [0.4, 0.8],
      [0.8, 0.95],
      [0.95, 1.01],
    ] as const)
      expect(found.filter((value) => value >= low && value < high).length).toBeGreaterThan(20);
    const originals = texts.filter(({ id, origin }) => id === origin).slice(0, 40);
    for (const [i, a] of originals.entries())
      for (const b of originals.slice(i + 1))
        expect(similarity(byId.get(a.id)!, byId.get(b.id)!)).toBeLessThan(0.1);
  });
});

test('the truth by families is the truth by all pairs', () => {
  const texts = makeTexts(300, { seed: 5, words: 60, share: 0.5, chains: true });
  const stays: { runs: Set<string> }[] = [];
  const fallen: string[] = [];
  for (const { id, text } of texts) {
    const runs = runsOf(text, 5);
    if (stays.some((other) => similarity(runs, other.runs) >= 0.8)) fallen.push(id);
    else stays.push({ runs });
  }
  expect(fallen.length).toBeGreaterThan(40);
  expect(truthOf(texts, { shingle: 5, threshold: 0.8 }).fallen).toEqual(fallen);
});

test('recall and precision', () => {
  expect(recallAndPrecision(['a', 'b', 'c', 'd'], ['a', 'b', 'x'])).toEqual({
    recall: 2 / 3,
    precision: 0.5,
  });
  expect(recallAndPrecision([], ['a'])).toEqual({ recall: 0, precision: 1 });
  expect(recallAndPrecision([], [])).toEqual({ recall: 1, precision: 1 });
});
