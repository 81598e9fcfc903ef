import { describe, expect, test } from 'vitest';
import { answerQuestion } from '../../src/answer/answer-question.ts';
import type { ParsedDocument } from '../../src/document.ts';
import type { Hit } from '../../src/passage.ts';
import { cutPassages } from '../../src/passages/cut-passages.ts';

const HEAD = 'Volcan | Hauteur (m) | Ce que l’on sait de son histoire et de son relief';
const nameOf = (i: number) => `B${'aeiou'[i % 5]}d${'aeiou'[Math.floor(i / 5) % 5]}${i < 25 ? 'r' : 'l'}`;
/** The highest stands in the last of several passages. */
const table = [
  HEAD,
  ...Array.from(
    { length: 40 },
    (_, i) =>
      `Mont ${nameOf(i)} | ${1000 + i} | un volcan éteint depuis longtemps dont le cratère porte aujourd’hui un lac et des prés`,
  ),
].join('\n');
const parsed: ParsedDocument = {
  title: 'Les volcans',
  format: 'text',
  pages: [{ page: 1, blocks: [{ kind: 'table', text: table }] }],
  hidden: [],
  warnings: [],
};
const hits: Hit[] = cutPassages(parsed).map((passage, i) => ({
  ...passage,
  document: 1,
  id: i + 1,
  score: 1,
}));
const QUESTION = 'Quel volcan a la plus grande hauteur ?';
const asked = (found: Hit[]) =>
  answerQuestion({ search: async () => found, document: () => ({ parsed }) }, QUESTION);

describe('a table that is cut into passages', () => {
  test('is compared whole: the largest of a part would be a wrong answer', async () => {
    expect(hits.length).toBeGreaterThan(2);
    const answer = await asked(hits);
    expect(answer.kind === 'answer' && answer.sentences.map(({ text }) => text)).toEqual([
      expect.stringContaining('Mont Budil | 1039'),
    ]);
  });

  test.each([
    ['its end', hits.slice(0, -1)],
    ['its middle', hits.toSpliced(1, 1)],
    ['its beginning', hits.slice(1)],
  ])('gives no single row as the largest while %s was not found', async (_, found) => {
    const answer = await asked(found);
    // Several rows are quoted: whoever reads sees that none of them was chosen.
    expect(answer.kind === 'answer' && answer.sentences.length).toBeGreaterThan(1);
  });

  test('a row from further down comes with the head, which is its proof too', async () => {
    const answer = await answerQuestion(
      { search: async () => hits.slice(-1), document: () => ({ parsed }) },
      'Quelle hauteur a le Mont Budil ?',
    );
    if (answer.kind !== 'answer') throw new Error('refused');
    const row = answer.sentences.find(({ text }) => text.includes('Budil'))!;
    expect(row.text.split('\n')[0]).toBe(HEAD);
    expect(row.citations.map(({ quote, start, end }) => table.slice(start, end) === quote)).toEqual([
      true,
      true,
    ]);
    expect(row.citations[1]!.quote).toBe(HEAD);
  });
});
