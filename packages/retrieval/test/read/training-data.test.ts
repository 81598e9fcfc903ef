import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import type { ReadingExample } from '../../src/read/training/example.ts';
import { schoolExamples } from '../../src/read/training/school-examples.ts';
import { misspell } from '../../src/read/training/spelling-noise.ts';
import { squadExamples } from '../../src/read/training/squad-examples.ts';

const TEXTS = [
  {
    id: 'a-1',
    title: 'Le moulin',
    pages: [
      {
        page: 1,
        paragraphs: [
          { kind: 'heading', text: 'La roue' },
          { kind: 'text', text: 'La roue du moulin mesure quatre mètres.' },
          { kind: 'text', text: 'La roue a été réparée par Lucas.' },
          { kind: 'text', text: 'Le meunier habite au-dessus.' },
          { kind: 'text', text: 'La farine se vend au marché.' },
        ],
      },
      {
        page: 2,
        paragraphs: [
          { kind: 'text', text: 'Le moulin date de 1820.' },
          { kind: 'text', text: 'Une visite dure une heure.' },
          { kind: 'text', text: 'Le canal gèle en hiver.' },
        ],
      },
    ],
  },
  {
    id: 'a-2',
    title: 'Le four',
    pages: [{ page: 1, paragraphs: [{ kind: 'text', text: 'Le four mesure deux mètres.' }] }],
  },
  {
    id: 'a-3',
    title: 'La fête',
    pages: [{ page: 1, paragraphs: [{ kind: 'text', text: 'On danse sur la place.' }] }],
  },
];
const at = (paragraph: number, quote: string, page = 1, text = 'a-1') => ({ text, page, paragraph, quote });
const ask = (id: string, kind: string, evidence: unknown[], more: object = {}) => ({
  id: `a-${id}`,
  kind,
  question: 'Combien mesure la roue du moulin ?',
  pupil: 'combien mesure la roue',
  text: 'a-1',
  evidence,
  ...more,
});

function folder(questions: readonly object[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'school-'));
  for (const name of ['texts', 'parts']) mkdirSync(join(dir, name));
  for (const text of TEXTS) writeFileSync(join(dir, 'texts', `${text.id}.json`), JSON.stringify(text));
  writeFileSync(join(dir, 'parts/a.jsonl'), `${questions.map((one) => JSON.stringify(one)).join('\n')}\n`);
  return dir;
}

const texts = ({ passages }: ReadingExample, label: string) =>
  passages.filter((one) => one.label === label).map(({ text }) => text.split('\n').at(-1));

describe('school examples', () => {
  test('a proof answers, under its title and heading; others of its text do not', async () => {
    const [example] = await schoolExamples(folder([ask('q1', 'direct', [at(2, 'quatre mètres')])]), {
      seed: 1,
    });
    expect(example!.group).toBe('a-1');
    expect(example!.pupil).toBe('combien mesure la roue');
    expect(example!.passages[0]).toEqual({
      text: 'Le moulin · La roue\nLa roue du moulin mesure quatre mètres.',
      label: 'answers',
    });
    const negatives = texts(example!, 'neither');
    expect(negatives.length).toBeGreaterThanOrEqual(4);
    expect(new Set(negatives).size).toBe(negatives.length);
    expect(negatives).not.toContain('La roue du moulin mesure quatre mètres.');
    // Among them those that share most words.
    expect(negatives.some((text) => /roue|moulin/.test(text!))).toBe(true);
  });

  test('what the text contradicts is contradicted by its proof, which answers nothing', async () => {
    const [example] = await schoolExamples(folder([ask('q1', 'false-premise', [at(3, 'réparée')])]), {
      seed: 1,
    });
    expect(texts(example!, 'contradicts')).toEqual(['La roue a été réparée par Lucas.']);
    expect(texts(example!, 'answers')).toEqual([]);
  });

  test('of two versions the newer answers, and the older is left out', async () => {
    for (let seed = 0; seed < 8; seed++) {
      const evidence = [at(2, 'quatre mètres'), at(3, 'réparée')];
      const [example] = await schoolExamples(folder([ask('q1', 'version', evidence)]), { seed });
      expect(texts(example!, 'answers')).toEqual(['La roue du moulin mesure quatre mètres.']);
      expect(texts(example!, 'neither')).not.toContain('La roue a été réparée par Lucas.');
    }
  });

  test('a silent question has no proof, and every near passage beside it', async () => {
    const near = [
      { text: 'a-1', page: 1, paragraph: 2 },
      { text: 'a-1', page: 2, paragraph: 1 },
    ];
    const [example] = await schoolExamples(folder([ask('q1', 'silent', [], { near })]), { seed: 1 });
    expect(texts(example!, 'answers')).toEqual([]);
    expect(texts(example!, 'neither').slice(0, 2)).toEqual([
      'La roue du moulin mesure quatre mètres.',
      'Le moulin date de 1820.',
    ]);
    expect(texts(example!, 'neither').length).toBeGreaterThanOrEqual(4);
  });

  test('one of another text, which shares words with the question; the same again with the same seed', async () => {
    const dir = folder(
      Array.from({ length: 40 }, (_, i) => ask(`q${i}`, 'direct', [at(2, 'quatre mètres')])),
    );
    const examples = await schoolExamples(dir, { seed: 1 });
    for (const one of examples) {
      expect(texts(one, 'neither')).toContain('Le four mesure deux mètres.');
      expect(texts(one, 'neither')).not.toContain('On danse sur la place.');
    }
    expect(await schoolExamples(dir, { seed: 1 })).toEqual(examples);
    expect(await schoolExamples(dir, { seed: 2 })).not.toEqual(examples);
  });

  test('as few others as are asked for, and never none', async () => {
    const dir = folder(
      Array.from({ length: 40 }, (_, i) => ask(`q${i}`, 'direct', [at(2, 'quatre mètres')])),
    );
    const counts = async (others: number) =>
      (await schoolExamples(dir, { seed: 1, others })).map((one) => texts(one, 'neither').length);
    // One of another text comes besides.
    expect(new Set(await counts(1))).toEqual(new Set([2]));
    expect(new Set(await counts(3))).toEqual(new Set([4]));
  });

  test.each([
    ['a place that is none', [ask('q1', 'direct', [at(9, 'x')])], /a-q1: no passage at a-1\/1\/9/],
    ['a question without words', [{ ...ask('q1', 'direct', []), question: 3 }], /a\.jsonl:1: .*question/s],
  ])('%s is a TRAINING_DATA that says where', async (_, questions, message) => {
    await expect(schoolExamples(folder(questions), { seed: 1 })).rejects.toThrow(
      expect.objectContaining({ code: 'TRAINING_DATA', message: expect.stringMatching(message) }),
    );
  });

  test('a folder without them is one, too', async () => {
    await expect(schoolExamples('/nowhere', { seed: 1 })).rejects.toThrow(/no \.json in/);
  });
});

describe('examples in SQuAD’s shape', () => {
  const sentence = (name: string, i: number) => `${name} numéro ${i} est une phrase de plusieurs mots.`;
  const context = (name: string) => Array.from({ length: 30 }, (_, i) => sentence(name, i)).join(' ');
  const article = (title: string) => ({
    title,
    paragraphs: ['un', 'deux', 'trois'].map((name) => ({
      context: context(`${title} ${name}`),
      qas: [
        {
          question: ' Quelle phrase ? ',
          answers: [{ text: 'numéro 14 ', answer_start: context(`${title} ${name}`).indexOf('numéro 14 ') }],
        },
        { question: 'Et sans réponse ?', answers: [] },
      ],
    })),
  });
  const dir = mkdtempSync(join(tmpdir(), 'squad-'));
  writeFileSync(join(dir, 'a.json'), JSON.stringify({ data: [article('Chats'), article('Chiens')] }));
  writeFileSync(join(dir, 'b.json'), 'no json');
  writeFileSync(join(dir, 'c.json'), '{"other": 1}');

  test('a stretch of whole sentences around the answer is the proof; the same without it is none', async () => {
    const examples = await squadExamples(dir, 1);
    expect(examples.length).toBe(12);
    const groups = new Set(examples.map(({ group }) => group));
    expect(groups.size).toBe(2);
    for (const [i, { question, passages }] of examples.entries()) {
      const proofs = passages.filter(({ label }) => label === 'answers');
      const rest = passages.filter(({ label }) => label === 'neither');
      expect(proofs.length).toBe(i % 2 === 0 ? 1 : 0);
      expect(rest.length).toBeGreaterThanOrEqual(3);
      if (proofs.length === 0) continue;
      const title = i < 6 ? 'Chats' : 'Chiens';
      const name = `${title} ${['un', 'deux', 'trois'][Math.floor(i / 2) % 3]}`;
      expect(question).toBe('Quelle phrase ?');
      expect(proofs[0]!.text).toContain(sentence(name, 14));
      expect(proofs[0]!.text.startsWith(`${title}\n`)).toBe(true);
      expect(proofs[0]!.text.endsWith('.')).toBe(true);
      const words = proofs[0]!.text.split(/\s+/).length;
      expect(words).toBeGreaterThan(44);
      expect(words).toBeLessThan(130);
      expect(rest.every(({ text }) => !text.includes(sentence(name, 14)))).toBe(true);
      expect(rest.filter(({ text }) => text.includes(name)).length).toBe(1);
    }
    expect(await squadExamples(dir, 1)).toEqual(examples);
    expect(await squadExamples(dir, 2)).not.toEqual(examples);
  });

  test('a folder without any is a TRAINING_DATA', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'squad-'));
    writeFileSync(join(empty, 'c.json'), '{"other": 1}');
    await expect(squadExamples(empty, 1)).rejects.toThrow(expect.objectContaining({ code: 'TRAINING_DATA' }));
  });
});

test('a misspelt question: bare, with slips, or by ear, and the same with the same seed', () => {
  const question = 'Pourquoi est-ce que l’été les élèves étudient beaucoup dans la forêt ?';
  const spoilt = Array.from({ length: 60 }, (_, i) => misspell(question, new Random(i, 'noise')));
  expect(spoilt).toEqual(Array.from({ length: 60 }, (_, i) => misspell(question, new Random(i, 'noise'))));
  expect(spoilt.every((text) => text.length > 40)).toBe(true);
  // Two letters that change places may be the same.
  expect(spoilt.filter((text) => text === question).length).toBeLessThan(5);
  // Bare: nothing but small letters and spaces.
  expect(
    spoilt.some((text) => text === 'pourquoi est-ce que l ete les eleves etudient beaucoup dans la foret'),
  ).toBe(true);
  expect(spoilt.some((text) => /\b(pk|pq|prk)\b/.test(text))).toBe(true);
  expect(spoilt.some((text) => /\bbcp ds\b/.test(text))).toBe(true);
  // With slips: capital and question mark stay.
  const slips = spoilt.filter((text) => text.endsWith('?'));
  expect(slips.length).toBeGreaterThan(8);
  expect(slips.every((text) => Math.abs(text.length - question.length) <= 4)).toBe(true);
  expect(() => misspell('a', new Random(1))).not.toThrow();
  expect(() => misspell('', new Random(2))).not.toThrow();
});
