import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askQuestions, containsAnswer, pickCapitals, readQuestions } from '../src/questions.ts';
import { drawSamples, samplePrompts } from '../src/samples.ts';

describe('containsAnswer', () => {
  it.each([
    ['La capitale de la France est Paris.', 'Paris', true],
    ['PARIS', 'Paris', true],
    ['C’est Yaounde !', 'Yaoundé', true],
    ['Saint John’s est la capitale.', "Saint John's", true],
    ['La capitale est Addis-Abeba', 'Addis Abeba', true],
    ['Le Parisien.', 'Paris', false],
    ['Abeba, puis Addis', 'Addis Abeba', false],
    ['', 'Rome', false],
    ['Rome', '…', false],
    ['', '…', false],
  ])('%s / %s', (answer, expected, contains) => {
    expect(containsAnswer(answer, expected)).toBe(contains);
  });
});

describe('pickCapitals', () => {
  const capital = (name: string) => ({ question: `Quelle est la capitale ${name} ?`, expected: 'X' });
  const list = [
    ...Array.from({ length: 30 }, (_, i) => capital(`du pays ${i}`)),
    { question: 'Quelle est la monnaie du Japon ?', expected: 'le yen' },
    capital('de la France'),
  ];

  it('puts France first, draws the others by seed, and asks for capitals alone', () => {
    const picked = pickCapitals(list, { count: 21, seed: 4 });
    expect(picked[0]).toEqual(capital('de la France'));
    expect(picked).toHaveLength(21);
    expect(new Set(picked.map(({ question }) => question)).size).toBe(21);
    expect(picked.every(({ question }) => question.includes('capitale'))).toBe(true);
    expect(pickCapitals(list, { count: 21, seed: 4 })).toEqual(picked);
    expect(pickCapitals(list, { count: 21, seed: 5 })).not.toEqual(picked);
  });

  it('takes what there is', () => {
    expect(pickCapitals(list, { count: 100, seed: 1 })).toHaveLength(31);
    expect(pickCapitals([], { count: 21, seed: 1 })).toEqual([]);
  });
});

describe('readQuestions', () => {
  it('takes an absent file for an empty list and refuses another shape', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'questions-'));
    expect(await readQuestions(join(dir, 'none.json'))).toEqual([]);
    await writeFile(join(dir, 'bad.json'), '[{"question": "Où ?"}]');
    await expect(readQuestions(join(dir, 'bad.json'))).rejects.toMatchObject({ code: 'QUESTIONS_INVALID' });
  });
});

describe('asking and sampling', () => {
  const calls: unknown[] = [];
  /** Recites what it was given, and stops when that ends with a full stop. */
  const parrot = {
    async complete(prompt: string, opts: object) {
      calls.push(opts);
      return { text: ` ${prompt}`, tokens: 3, stopped: false };
    },
    async answer(question: string) {
      const text = question.includes('France') ? 'Paris.' : 'Rome';
      return { text, tokens: 2, stopped: text.endsWith('.') };
    },
  };

  it('keeps every answer, right or wrong', async () => {
    const questions = [
      { question: 'Quelle est la capitale de la France ?', expected: 'Paris' },
      { question: 'Quelle est la capitale du Japon ?', expected: 'Tokyo' },
    ];
    const answers = await askQuestions(parrot, questions, { set: 'train', maxTokens: 64 });
    expect(answers.map(({ answer, correct, stopped }) => [answer, correct, stopped])).toEqual([
      ['Paris.', true, true],
      ['Rome', false, false],
    ]);
  });

  it('draws samples with a seed of their own and judges the language without the prompt', async () => {
    const heard: string[] = [];
    const samples = await drawSamples(parrot, {
      count: 12,
      maxTokens: 5,
      temperature: 0.8,
      seed: 40,
      detectLanguage: (text) => {
        heard.push(text);
        return 'fr';
      },
    });
    expect(samples).toHaveLength(12);
    expect(samples[10]!.prompt).toBe(samplePrompts[0]);
    expect(heard[1]).toBe(` ${samplePrompts[1]}`);
    expect(calls.slice(-2)).toEqual([
      { maxTokens: 5, temperature: 0.8, seed: 50 },
      { maxTokens: 5, temperature: 0.8, seed: 51 },
    ]);
  });
});
