import type { Progress } from '@lucie/ledger';
import { describe, expect, it } from 'vitest';
import { measureAnswers, measureBits, measureGrammar, measureSamples } from '../src/measure.ts';
import { BigramModel } from './bigram-model.ts';

/** Keeps what was reported: totals, then counts. */
function recorder() {
  const totals: (number | undefined)[] = [];
  const counts: number[] = [];
  const progress: Progress = {
    start: (_label, total) => totals.push(total),
    update: (done) => counts.push(done),
    end() {},
  };
  return { totals, counts, common: { progress, seed: 1, resamples: 5, model: 'base' } };
}

const model = new BigramModel(['le chat dort', 'la commune']);
const parrot = {
  complete: async () => ({ text: ' dort', tokens: 2, stopped: true }),
  answer: async () => ({ text: 'Paris', tokens: 1, stopped: true }),
};

describe('progress', () => {
  it('counts the pairs of grammar', async () => {
    const { totals, counts, common } = recorder();
    const pairs = Array.from({ length: 40 }, (_, i) => ({
      id: `x-${i}`,
      category: 'x',
      good: 'le chat',
      bad: 'la chat',
    }));
    const { items } = await measureGrammar(model, pairs, common);
    expect(items.map(({ id }) => id)).toEqual(pairs.map(({ id }) => id));
    expect(totals).toEqual([40]);
    expect(counts).toEqual([16, 32, 40]);
  });

  it('counts samples and questions one by one', async () => {
    const { totals, counts, common } = recorder();
    await measureSamples(parrot, {
      ...common,
      count: 3,
      maxTokens: 4,
      temperature: 1,
      detectLanguage: () => 'fr',
    });
    const questions = [1, 2].map((i) => ({ question: `Où ${i} ?`, expected: 'Paris' }));
    await measureAnswers(parrot, questions, { ...common, set: 'train', maxTokens: 4 });
    expect(totals).toEqual([3, 2]);
    expect(counts).toEqual([1, 2, 3, 1, 2]);
  });

  it('ends bits per byte at the number of documents', async () => {
    const { totals, counts, common } = recorder();
    const documents = ['a', 'b', 'c'].map((id) => ({ id, source: 's', language: 'fr', text: 'le chat' }));
    await measureBits(model, documents, { ...common, stride: 4, maxBytes: 1e6 });
    expect(totals).toEqual([3]);
    expect(counts.at(-1)).toBe(3);
  });
});
