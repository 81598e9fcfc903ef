import { Random } from '@lucie/ledger';
import { describe, expect, it } from 'vitest';
import { logLikelihood, slidingWindows } from '../src/language-model.ts';
import { BigramModel } from './bigram-model.ts';

describe('slidingWindows', () => {
  it('scores every token but the first exactly once, in order, with the context it promises', () => {
    const random = new Random(7);
    for (let trial = 0; trial < 400; trial++) {
      const context = 1 + random.below(20);
      const stride = 1 + random.below(context);
      const stream = Uint32Array.from({ length: random.below(80) }, (_, i) => i);
      const scored: number[] = [];
      for (const { ids, from } of slidingWindows(stream, { context, stride })) {
        expect(ids.length).toBeLessThanOrEqual(context + 1);
        expect(from).toBeGreaterThanOrEqual(1);
        expect([...ids]).toEqual([...stream.subarray(ids[0], ids[0]! + ids.length)]);
        for (let i = from; i < ids.length; i++) {
          scored.push(ids[i]!);
          expect(i).toBeGreaterThanOrEqual(Math.min(ids[i]!, context + 1 - stride));
        }
      }
      expect(scored).toEqual([...stream.subarray(1)]);
    }
  });

  it('gives each window all the context there is room for', () => {
    const stream = Uint32Array.from({ length: 11 }, (_, i) => i);
    const windows = slidingWindows(stream, { context: 4, stride: 2 });
    expect(windows.map(({ ids, from }) => [[...ids], from])).toEqual([
      [[0, 1, 2, 3, 4], 1],
      [[2, 3, 4, 5, 6], 3],
      [[4, 5, 6, 7, 8], 3],
      [[6, 7, 8, 9, 10], 3],
    ]);
  });

  it('refuses a stride that would leave tokens out', () => {
    for (const stride of [0, 5, 1.5])
      expect(() => slidingWindows(new Uint32Array(9), { context: 4, stride })).toThrow(RangeError);
  });
});

describe('logLikelihood', () => {
  const model = new BigramModel(['le chat dort', 'la porte est ouverte'], 5);

  it('is the sum over all tokens from the start of a document, whatever the length', async () => {
    const texts = ['le', '', 'la porte du chat est ouverte, le chat dort', 'é'];
    const byHand = texts.map((text) => {
      let sum = 0;
      let before = 256;
      for (const byte of Buffer.from(text)) {
        sum += model.logProb(before, byte);
        before = byte;
      }
      return sum;
    });
    const scores = await logLikelihood(model, texts);
    for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(byHand[i]!, 9);
  });

  it('does not score the end of the document', async () => {
    model.asked.length = 0;
    await logLikelihood(model, ['le']);
    expect(model.asked.map(({ ids }) => [...ids])).toEqual([[256, 108, 101]]);
  });
});
