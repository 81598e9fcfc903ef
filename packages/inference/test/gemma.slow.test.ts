import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Engine, ModelPool } from '../src/index.ts';

/**
 * A real model of another family: `LUCIE_GEMMA` names a GGUF of Gemma 3 270M (base or instruct). Its terms of use keep
 * it out of this repository, so without it these tests are counted as skipped.
 */
const path = process.env.LUCIE_GEMMA ?? '';
const hasModel = path !== '' && existsSync(path);

describe.skipIf(!hasModel)('Gemma 3', { timeout: 300_000 }, () => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await Engine.load(path, { threads: 1, contextSize: 1024, sequences: 2, cacheTokens: 2048 });
  });

  afterAll(() => engine.close());

  test('its ids are those that its documentation gives', () => {
    expect(engine.info).toMatchObject({ architecture: 'gemma3', vocabSize: 262_144, bos: 2, eos: 1 });
    expect(engine.info.stopIds).toEqual(expect.arrayContaining([1, 106]));
    expect([...engine.tokenize('<start_of_turn>', { special: true })]).toEqual([105]);
    expect(engine.tokenize('<end_of_turn>').includes(106)).toBe(false);
    expect([...engine.tokenize('a', { addSpecial: true })][0]).toBe(2);
    for (const text of ['Où sont nos élèves ?', ' deux  espaces', 'ligne\n\nligne', '日本 🙂']) {
      expect(engine.detokenize(engine.tokenize(text))).toBe(text);
    }
  });

  test('it goes on in French', async () => {
    const prompt =
      "La Tour Eiffel se trouve à Paris, la capitale de la France. Londres est la capitale de l'";
    const text = await engine.generate({ prompt, maxTokens: 4, temperature: 0 }).text();
    expect(text).toMatch(/Angleterre/);
  });

  test('it goes on beyond its sliding window as the whole context says', async () => {
    // 512 tokens of window: the logits of one long pass and of greedy steps agree on what comes.
    const tokens = engine.tokenize(`${'Le chat dort sur le canapé. '.repeat(90)}Le chat`, {
      addSpecial: true,
    });
    expect(tokens.length).toBeGreaterThan(600);
    const [chunk] = await Array.fromAsync(engine.generate({ tokens, maxTokens: 1, temperature: 0 }));
    const last = (await engine.logits(tokens)).at(-1)!;
    const best = last.reduce((top, value, id) => (value > last[top]! ? id : top), 0);
    expect(chunk!.token).toBe(best);
    expect(chunk!.text).toBe(' dort');
  });

  test('sentences that mean the same lie nearer than others', async () => {
    const read = (text: string) => engine.tokenize(text, { addSpecial: true });
    const {
      vectors: [cat, feline, market],
    } = await engine.embed(
      ['Le chat dort sur le canapé.', 'Un félin se repose sur le sofa.', 'La bourse de Paris a chuté.'].map(
        read,
      ),
    );
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    expect(cat!.length).toBe(640);
    expect(dot(cat!, feline!)).toBeGreaterThan(dot(cat!, market!) + 0.02);
  });

  test('what it is said to need is what it takes', async () => {
    await using pool = new ModelPool([{ name: 'gemma', path, options: { contextSize: 1024, sequences: 2 } }]);
    const { memoryBytes } = await pool.info('gemma');
    const before = process.memoryUsage().rss;
    using lease = await pool.use('gemma');
    await lease.engine.generate({ prompt: 'Bonjour', maxTokens: 2 }).text();
    const taken = process.memoryUsage().rss - before;
    expect(taken / memoryBytes).toBeLessThan(1.1);
    expect(taken / memoryBytes).toBeGreaterThan(0.5);
  });
});
