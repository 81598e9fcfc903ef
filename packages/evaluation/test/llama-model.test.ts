import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sample } from '@lucie/model';
import { EOS, encodeChat, formatTokenizerJson, stopTokenIds, Tokenizer } from '@lucie/tokenizer';
import { noGrad, scope, Tensor } from '@lucie/torch';
import { afterAll, describe, expect, it } from 'vitest';
import { logLikelihood, slidingWindows } from '../src/language-model.ts';
import { describeModel, LlamaModel } from '../src/llama-model.ts';
import { saveTiny, tinyLlama, tinyTokenizer } from './tiny-model.ts';

const tokenizer = await tinyTokenizer();
const model = new LlamaModel(tinyLlama(tokenizer, { context: 24 }), tokenizer);
afterAll(() => model[Symbol.dispose]());

/** Log-probability of `id` after `before`, from one forward pass of its own and a softmax in float64. */
function logProbAfter(before: number[], id: number): number {
  const scores = noGrad(() =>
    scope(() =>
      model.llama
        .logits(Tensor.from(BigInt64Array.from(before, BigInt), [1, before.length]))
        .toFloat32Array()
        .slice(-model.vocabSize),
    ),
  );
  const top = Math.max(...scores);
  return scores[id]! - top - Math.log(scores.reduce((sum, score) => sum + Math.exp(score - top), 0));
}

describe('LlamaModel', () => {
  it('gives each token the probability it has after all tokens before it', async () => {
    const text = 'Le chat dort.';
    let sum = 0;
    const ids = [tokenizer.specialId(EOS), ...tokenizer.encode(text)];
    expect(ids.length).toBeLessThan(24);
    for (let i = 1; i < ids.length; i++) sum += logProbAfter(ids.slice(0, i), ids[i]!);
    const [score] = await logLikelihood(model, [text]);
    expect(score).toBeCloseTo(sum, 3);
  });

  it('gives the same in a batch of unequal lengths as alone, and in the order asked', async () => {
    const texts = [
      'Paris',
      'La clé',
      '',
      'Le chat de la voisine dort. Où est la clé du garage ? '.repeat(3),
      'é',
    ];
    const together = await logLikelihood(model, texts);
    for (const [i, text] of texts.entries()) {
      const [alone] = await logLikelihood(model, [text]);
      expect(together[i]).toBeCloseTo(alone!, 3);
    }
  });

  it('scores the tail of a window alone, with its context in view', async () => {
    const ids = Uint32Array.from([tokenizer.specialId(EOS), ...tokenizer.encode('La capitale de la France')]);
    const windows = [
      { ids, from: ids.length - 2 },
      { ids: ids.subarray(0, 5), from: 3 },
    ];
    const [long, short] = await model.logProbs(windows);
    const list = [...ids];
    expect(long).toHaveLength(2);
    expect(long![1]).toBeCloseTo(logProbAfter(list.slice(0, -1), list.at(-1)!), 4);
    expect(short).toHaveLength(2);
    expect(short![0]).toBeCloseTo(logProbAfter(list.slice(0, 3), list[3]!), 4);
  });

  it('fills batches of more than one row without mixing rows up', async () => {
    const stream = Uint32Array.from({ length: 9000 }, (_, i) => 6 + ((i * 37) % 250));
    const windows = slidingWindows(stream, { context: 24, stride: 24 });
    const scored = await model.logProbs(windows);
    for (const i of [0, 1, 169, 170, 171, windows.length - 1]) {
      const [alone] = await model.logProbs([windows[i]!]);
      for (const [j, value] of scored[i]!.entries()) expect(value).toBeCloseTo(alone![j]!, 3);
    }
  });

  it('completes with a seed, and leaves the prompt out of the text', async () => {
    const opts = { maxTokens: 8, temperature: 1, seed: 3 };
    const once = await model.complete('Le chat', opts);
    expect(await model.complete('Le chat', opts)).toEqual(once);
    expect(await model.complete('Le chat', { ...opts, seed: 4 })).not.toEqual(once);
    expect(once.tokens).toBeLessThanOrEqual(8);
    expect(once.text.startsWith('Le chat')).toBe(false);
  });

  it('begins a completion as documents begin in training, and an answer by the chat template', async () => {
    const document = [tokenizer.specialId(EOS), ...tokenizer.encode('Paris')];
    const { ids } = sample(model.llama, document, { maxTokens: 6, stopIds: [tokenizer.specialId(EOS)] });
    const written = await model.complete('Paris', { maxTokens: 6, temperature: 0, seed: 0 });
    expect(written.text).toBe(tokenizer.decode(ids.filter((id) => id < tokenizer.vocabSize)));
    using roomy = new LlamaModel(tinyLlama(tokenizer), tokenizer);
    const chat = encodeChat(tokenizer, [{ role: 'user', content: 'Où ?' }], { addGenerationPrompt: true });
    const reply = sample(roomy.llama, chat.ids, { maxTokens: 6, stopIds: stopTokenIds(tokenizer) });
    const answer = await roomy.answer('Où ?', { maxTokens: 6 });
    expect(answer.text).toBe(tokenizer.decode(reply.ids.filter((id) => id < tokenizer.vocabSize)));
    expect(answer.stopped).toBe(reply.stopped);
  });

  it('opens a folder and says what it is', async () => {
    const dir = await saveTiny(await mkdtemp(join(tmpdir(), 'tiny-')), { seed: 5, chat: true });
    using opened = await LlamaModel.open(dir);
    const description = await describeModel(dir, opened);
    expect(description).toMatchObject({ contextLength: 96, vocabSize: opened.vocabSize });
    // 2 layers of (24·24·2 + 24·12·2 + 3·24·40 + 2·24), the last norm, the embeddings
    expect(description.parameters).toBe(2 * (1152 + 576 + 2880 + 48) + 24 + 24 * opened.vocabSize);
    const answer = await opened.answer('Où est la clé ?', { maxTokens: 5 });
    expect(answer.tokens).toBeLessThanOrEqual(5);
  });

  it('refuses a tokenizer with more ids than the model', async () => {
    const dir = await saveTiny(await mkdtemp(join(tmpdir(), 'tiny-')), { seed: 5, chat: false });
    const extra = Array.from({ length: 10 }, (_, i) => `XX${i}`);
    const { model: parts } = tokenizer;
    const bigger = new Tokenizer({ ...parts, tokens: [...parts.tokens, ...extra] });
    await writeFile(join(dir, 'tokenizer.json'), formatTokenizerJson(bigger.model));
    await expect(LlamaModel.open(dir)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
  });
});
