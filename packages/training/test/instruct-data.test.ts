import { trainTokenizer } from '@lucie/tokenizer';
import { beforeAll, describe, expect, test } from 'vitest';
import { planBatches, toBatch } from '../src/instruct/batches.ts';
import { byRenown, type Country, countryOf, isHeldOut } from '../src/instruct/country.ts';
import { factsOf } from '../src/instruct/country-questions.ts';
import { encodePair } from '../src/instruct/example.ts';
import { firstSentences } from '../src/instruct/first-sentences.ts';
import { identityPairs } from '../src/instruct/identity.ts';
import { mixExamples } from '../src/instruct/mix.ts';

const netherlands: Country = {
  code: 'NLD',
  name: 'Pays-Bas',
  the: 'les Pays-Bas',
  of: 'des Pays-Bas',
  in: 'aux Pays-Bas',
  capitals: ['Amsterdam'],
  continent: 'Europe',
  languages: ['néerlandais'],
  currencies: ['euro'],
  neighbours: ['Allemagne', 'Belgique'],
  area: 41850,
  sovereign: true,
};

describe('questions on countries', () => {
  test('use the forms that French needs, and hold the expected words in the answer', () => {
    const facts = factsOf(netherlands);
    const capital = facts.find(({ subject }) => subject === 'capital')!;
    expect(capital).toMatchObject({ kind: 'capitals', expected: 'Amsterdam' });
    expect(capital.questions[0]).toBe('Quelle est la capitale des Pays-Bas ?');
    expect(capital.answer).toBe('La capitale des Pays-Bas est Amsterdam.');
    const continent = facts.find(({ subject }) => subject === 'continent')!;
    expect(continent.answer).toBe('Les Pays-Bas se trouvent en Europe.');
    for (const { answer, expected, questions } of facts) {
      expect(answer).toContain(expected);
      expect(new Set(questions).size).toBe(questions.length);
    }
  });

  test('are not asked where the sheet says nothing or too much', () => {
    const empty = { ...netherlands, capitals: [], currencies: [], languages: [], neighbours: [] };
    expect(factsOf(empty).map(({ subject }) => subject)).toEqual(['continent']);
    const three = factsOf({ ...netherlands, capitals: ['A', 'B', 'C'] });
    expect(three.some(({ subject }) => subject === 'capital')).toBe(false);
  });

  test('come from documents of kind facts alone', () => {
    const extra = (value: unknown) => ({ extra: JSON.stringify(value) });
    expect(countryOf(extra({ kind: 'facts', ...netherlands, official: 'Royaume des Pays-Bas' }))).toEqual(
      netherlands,
    );
    expect(countryOf(extra({ ...netherlands }))).toBeUndefined();
    expect(countryOf(extra({ kind: 'facts', name: 'Rien' }))).toBeUndefined();
    expect(countryOf({ extra: 'no JSON' })).toBeUndefined();
  });

  test('are examined in order of renown: France, large states, territories', () => {
    const country = (code: string, area: number, sovereign = true) => ({
      ...netherlands,
      code,
      area,
      sovereign,
    });
    const shuffled = [country('GRL', 9e6, false), country('MLT', 1), country('FRA', 5), country('RUS', 9e7)];
    expect(shuffled.sort(byRenown).map(({ code }) => code)).toEqual(['FRA', 'RUS', 'MLT', 'GRL']);
  });

  test('hold back about the asked share of countries, never France, and more only adds', () => {
    const codes = Array.from({ length: 2000 }, (_, i) => `C${i}`);
    const held = (percent: number) => codes.filter((code) => isHeldOut(code, percent));
    expect(held(0)).toEqual([]);
    expect(Math.abs(held(10).length / 2000 - 0.1)).toBeLessThan(0.03);
    expect(held(30)).toEqual(expect.arrayContaining(held(10)));
    expect(isHeldOut('FRA', 90)).toBe(false);
  });
});

describe('firstSentences', () => {
  const upTo = (length: number) => (text: string) => text.length <= length;

  test('ends at a sentence, and leaves headings before the first one out', () => {
    const text = 'Conditions\n\nVous avez 3 mois. Passé ce délai, c’est trop tard !\nEnsuite : rien.';
    expect(firstSentences(text, upTo(1000))).toBe(
      'Vous avez 3 mois. Passé ce délai, c’est trop tard !\nEnsuite : rien.',
    );
    expect(firstSentences(text, upTo(60))).toBe('Vous avez 3 mois. Passé ce délai, c’est trop tard !');
    expect(firstSentences(text, upTo(20))).toBe('Vous avez 3 mois.');
    expect(firstSentences(text, upTo(10))).toBe('');
  });

  test('never ends in the middle of a list', () => {
    const text = 'Il faut deux pièces. Apportez :\n- une photo\n- une preuve.\nFin de liste';
    expect(firstSentences(text, upTo(50))).toBe('Il faut deux pièces.');
    expect(firstSentences(text, upTo(1000))).toBe(
      'Il faut deux pièces. Apportez :\n- une photo\n- une preuve.',
    );
  });

  test('keeps closing quotation marks with their sentence', () => {
    expect(firstSentences('Il dit « oui. » Puis « non. »', upTo(20))).toBe('Il dit « oui. »');
  });
});

describe('the mix', () => {
  let tokenizer: Awaited<ReturnType<typeof trainTokenizer>>;
  beforeAll(async () => {
    const options = {
      vocabularySize: 270,
      minFrequency: 2,
      maxTokenLength: 8,
      preTokenizer: 'gpt-2' as const,
    };
    tokenizer = await trainTokenizer(['rien'], options);
  });
  const facts = factsOf(netherlands);
  const epochs = { answers: 1, capitals: 6, facts: 0.5, identity: 0 };

  test('holds each kind as often as asked, is a function of the seed, and draws several wordings', () => {
    const pairs = identityPairs('X');
    const mix = (seed: number) => mixExamples({ pairs, facts }, tokenizer, { epochs, seed });
    // One capital 6 times, half of five other facts rounded, identity never.
    const others = facts.filter(({ kind }) => kind === 'facts').length;
    expect(mix(1)).toHaveLength(6 + Math.round(others / 2));
    expect(mix(1)).toEqual(mix(1));
    expect(mix(1)).not.toEqual(mix(2));
    const capital = tokenizer.encode(facts[0]!.answer).join();
    const questions = mix(1).filter(({ ids }) => ids.join().includes(capital));
    expect(questions).toHaveLength(6);
    expect(new Set(questions.map(({ ids }) => ids.join())).size).toBeGreaterThan(2);
  });

  test('only the answer and its end count in the loss', () => {
    const long = encodePair(tokenizer, { question: 'Oui ?', answer: 'Non.' });
    const short = encodePair(tokenizer, { question: 'O', answer: 'N' });
    const { shape, ids, targets } = toBatch([short, long], 2);
    expect(shape).toEqual([2, long.ids.length - 1]);
    const row = (values: BigInt64Array, i: number) => [...values.subarray(i * shape[1], (i + 1) * shape[1])];
    expect(row(ids, 1)).toEqual([...long.ids.slice(0, -1)].map(BigInt));
    const counted = row(targets, 1)
      .filter((target) => target >= 0n)
      .map(Number);
    expect(tokenizer.decode(counted, { special: true })).toBe('Non.<|eot_id|>');
    // Inputs at counted places are the tokens just before: the model predicts, it does not copy.
    const at = row(targets, 1).findIndex((target) => target >= 0n);
    expect(Number(row(ids, 1)[at + 1])).toBe(counted[0]);
    expect(row(targets, 0).filter((target) => target >= 0n)).toHaveLength(2);
    expect(row(ids, 0).slice(short.ids.length)).toEqual(row(ids, 0).slice(short.ids.length).fill(2n));
  });
});

describe('planBatches', () => {
  const lengths = Array.from({ length: 3000 }, (_, i) => 5 + ((i * 7919) % 60));
  const batches = planBatches(lengths, { tokensPerBatch: 256, seed: 3 });

  test('holds every example once, within the budget, with little padding', () => {
    expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    let padded = 0;
    for (const batch of batches) {
      const size = batch.length * Math.max(...batch.map((i) => lengths[i]!));
      expect(size).toBeLessThanOrEqual(256);
      padded += size;
    }
    expect(padded / lengths.reduce((a, b) => a + b)).toBeLessThan(1.1);
  });

  test('keeps to the order of training from far, mixes it from near, and is a function of the seed', () => {
    const middle = batches.map((batch) => batch.reduce((a, b) => a + b) / batch.length);
    const [early, late] = [middle.slice(0, 50), middle.slice(-50)];
    expect(Math.max(...early)).toBeLessThan(Math.min(...late));
    expect(middle.slice(0, 20)).not.toEqual(middle.slice(0, 20).sort((a, b) => a - b));
    expect(planBatches(lengths, { tokensPerBatch: 256, seed: 3 })).toEqual(batches);
    expect(planBatches(lengths, { tokensPerBatch: 256, seed: 4 })).not.toEqual(batches);
  });

  test('an example larger than the budget goes alone', () => {
    expect(
      planBatches([10, 500, 10], { tokensPerBatch: 64, seed: 1 })
        .map((b) => b.length)
        .sort(),
    ).toEqual([1, 2]);
  });
});
