import { describe, expect, it } from 'vitest';
import { bitsPerByte, joinDocuments, scoreDocuments } from '../src/bits-per-byte.ts';
import type { LanguageModel, Window } from '../src/language-model.ts';
import { BigramModel } from './bigram-model.ts';

const documents = ['Le chat dort.', '', 'Où est la clé ? Derrière l’horloge, à côté du garçon.', 'Fin'];

/** Every token equally probable; pairs of bytes are its tokens, so that tokens and bytes differ. */
class UniformModel implements LanguageModel {
  readonly vocabSize = 5000;
  readonly contextLength = 8;
  readonly eosId = 4999;
  encode(text: string): Uint32Array {
    return new Uint32Array(Math.ceil(Buffer.byteLength(text) / 2));
  }
  async logProbs(windows: Window[]): Promise<Float64Array[]> {
    return windows.map(({ ids, from }) => new Float64Array(ids.length - from).fill(-Math.log(5000)));
  }
}

describe('bits per byte', () => {
  it('of a uniform model is log2(V) · tokens / bytes', async () => {
    for (const stride of [1, 3, 8]) {
      const scores = await scoreDocuments(new UniformModel(), documents, { stride });
      const tokens = documents.reduce((sum, text) => sum + Math.ceil(Buffer.byteLength(text) / 2) + 1, 0);
      expect(scores.reduce((sum, score) => sum + score.tokens, 0)).toBe(tokens);
      const bytes = joinDocuments(documents).length;
      expect(bitsPerByte(scores)).toBeCloseTo((Math.log2(5000) * tokens) / bytes, 10);
    }
  });

  it('counts the bytes of the joined file, each once', async () => {
    const scores = await scoreDocuments(new UniformModel(), documents);
    expect(scores.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(joinDocuments(documents).length);
    expect(joinDocuments(['a', 'é']).toString()).toBe('a\n\né\n');
    expect(joinDocuments([])).toHaveLength(0);
  });

  it('gives each document the information of its own tokens and of its end', async () => {
    const model = new BigramModel(documents.slice(0, 3), 7);
    const scores = await scoreDocuments(model, documents, { stride: 2 });
    for (const [i, text] of documents.entries()) {
      let nats = 0;
      let before = 256;
      for (const id of [...Buffer.from(text), 256]) {
        nats -= model.logProb(before, id);
        before = id;
      }
      expect(scores[i]!.nats).toBeCloseTo(nats, 9);
      expect(scores[i]!.tokens).toBe(Buffer.byteLength(text) + 1);
    }
  });

  it('asks for every token once, in windows over document borders', async () => {
    const model = new BigramModel([], 6);
    await scoreDocuments(model, documents, { stride: 3 });
    const stream = documents.flatMap((text) => [...Buffer.from(text), 256]);
    expect(model.asked.flatMap(({ ids, from }) => [...ids.subarray(from)])).toEqual(stream);
    expect(model.asked[0]!.ids[0]).toBe(256);
    expect(model.asked.some(({ ids }) => ids.indexOf(256, 1) > 0 && ids.at(-1) !== 256)).toBe(true);
  });

  it('stops when asked to', async () => {
    const scoring = scoreDocuments(new UniformModel(), documents, {
      signal: AbortSignal.abort(new Error('stop')),
    });
    await expect(scoring).rejects.toThrow('stop');
  });
});
