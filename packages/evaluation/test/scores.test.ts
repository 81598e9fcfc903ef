import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { joinDocuments } from '../src/bits-per-byte.ts';
import { compressorBits } from '../src/compressors.ts';
import { reachesBar, readScores, scoresShape } from '../src/scores.ts';
import { answerTasks, bitsTasks, grammarTask, samplesTask } from '../src/tasks.ts';
import { exampleScores } from './example-scores.ts';

const settings = { model: 'base', seed: 1, resamples: 50 };

describe('scores.json', () => {
  it('is read back as it was written', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'scores-')), 'scores.json');
    const scores = await exampleScores();
    await writeFile(path, JSON.stringify(scores));
    expect(await readScores(path)).toEqual(scores);
  });

  it.each([
    ['another version', { version: 2 }],
    ['a field that nobody knows', { verdict: 'good' }],
    ['a figure that is none', { tasks: [{ name: 'x' }] }],
  ])('refuses %s', async (_what, change) => {
    const scores = { ...(await exampleScores()), ...change };
    expect(scoresShape.safeParse(scores).success).toBe(false);
    const path = join(await mkdtemp(join(tmpdir(), 'scores-')), 'scores.json');
    await writeFile(path, JSON.stringify(scores));
    await expect(readScores(path)).rejects.toMatchObject({ code: 'SCORES_INVALID' });
  });

  it('refuses what is no JSON', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'scores-')), 'scores.json');
    await writeFile(path, '{"version": 1');
    await expect(readScores(path)).rejects.toMatchObject({ code: 'SCORES_INVALID' });
  });
});

describe('reachesBar', () => {
  it('knows on which side of the bar is good, and that the bar itself is reached', () => {
    expect(reachesBar({ better: 'lower', bar: 0.75, value: 0.75 })).toBe(true);
    expect(reachesBar({ better: 'lower', bar: 0.75, value: 0.76 })).toBe(false);
    expect(reachesBar({ better: 'higher', bar: 19 / 21, value: 19 / 21 })).toBe(true);
    expect(reachesBar({ better: 'higher', bar: 19 / 21, value: 18 / 21 })).toBe(false);
    expect(reachesBar({ better: 'higher', bar: null, value: 1 })).toBeUndefined();
  });
});

describe('tasks', () => {
  const document = (source: string, text: string) => ({ id: text, source, language: 'fr', text });
  const documents = [
    document('a', 'Le chat dort. '.repeat(20)),
    document('b', 'Une loi.'),
    document('a', 'Fin.'),
  ];
  const scores = [
    { nats: 70 * Math.LN2, tokens: 9, bytes: 282 },
    { nats: 30 * Math.LN2, tokens: 4, bytes: 10 },
    { nats: 8 * Math.LN2, tokens: 2, bytes: 5 },
  ];

  it('hold the model and the compressor against the same bytes', async () => {
    const [bits, ratio] = await bitsTasks(documents, scores, { ...settings, language: 'fr' });
    const peer = await compressorBits(joinDocuments(documents.map(({ text }) => text)));
    expect(bits!.value).toBeCloseTo(108 / 297, 12);
    expect(bits!.peer).toEqual(peer);
    expect(ratio!.value).toBeCloseTo(108 / 297 / peer.xz, 12);
    expect(ratio).toMatchObject({ name: 'bits-per-byte-fr-over-xz', bar: 0.75, better: 'lower' });
    expect(ratio!.high / bits!.high).toBeCloseTo(1 / peer.xz, 12);
    expect(Object.keys(bits!.perSource!)).toEqual(['a', 'b']);
    expect(bits!.perSource!.a).toMatchObject({ n: 2, bytes: 287 });
    expect(bits!.perSource!.a!.value).toBeCloseTo(78 / 287, 12);
  });

  it('ask the bar of French alone', async () => {
    const [, ratio] = await bitsTasks(documents, scores, { ...settings, language: 'en' });
    expect(ratio).toMatchObject({ name: 'bits-per-byte-en-over-xz', bar: null });
  });

  it('count pairs per category', () => {
    const result = (category: string, correct: boolean) => ({ id: 'i', category, good: 0, bad: 0, correct });
    const task = grammarTask([result('x', true), result('y', false), result('x', false)], settings);
    expect(task).toMatchObject({ name: 'grammaire-fr', value: 1 / 3, n: 3, bar: null });
    expect(task.perCategory).toMatchObject({ x: { value: 0.5, n: 2 }, y: { value: 0, n: 1 } });
  });

  it('count French samples, and answers that stop apart from those that are right', () => {
    const sample = (language: string) => ({ prompt: '', text: '', language, stopped: true, tokens: 1 });
    expect(samplesTask([sample('fr'), sample('en'), sample(''), sample('fr')], settings)).toMatchObject({
      value: 0.5,
      bar: 0.9,
    });
    const answer = (stopped: boolean, correct: boolean) => ({
      set: 'train' as const,
      question: '',
      expected: '',
      answer: '',
      stopped,
      correct,
      tokens: 1,
    });
    const answers = [answer(true, false), answer(true, false), answer(false, true), answer(true, true)];
    const [stopped, correct] = answerTasks(answers, { ...settings, set: 'train' });
    expect(stopped).toMatchObject({ name: 'capitals-stopped', value: 0.75, bar: 19 / 21 });
    expect(correct).toMatchObject({ name: 'capitals-correct', value: 0.5, bar: null });
    const [heldOut] = answerTasks(answers, { ...settings, set: 'held-out' });
    expect(heldOut).toMatchObject({ name: 'capitals-held-out-stopped', bar: null });
  });
});
