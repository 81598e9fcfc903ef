import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOf } from '../../src/grounded/check-questions.ts';
import { isSquad, readSquad } from '../../src/grounded/read-squad.ts';

const answer = (text: string) => ({ text, answer_start: 0 });
const squad = {
  version: 'v2.0',
  data: [
    {
      title: 'Dijon',
      paragraphs: [
        {
          context: 'Dijon est en Bourgogne.',
          qas: [{ id: 'a', question: 'Où est Dijon ?', answers: [answer('Bourgogne'), answer('Bourgogne')] }],
        },
        {
          context: 'La moutarde pique.',
          qas: [
            { id: 'a', question: 'Que fait la moutarde ?', answers: [answer('pique')], is_impossible: false },
            { id: 'b', question: 'Qui a inventé la moutarde ?', answers: [], is_impossible: true },
            // SQuAD 2.0 leaves plausible answers beside; some converters leave them in `answers`.
            { id: 'c', question: 'Quand ?', answers: [answer('hier')], is_impossible: true },
          ],
        },
      ],
    },
    { paragraphs: [{ context: 'Sans titre.', qas: [] }] },
  ],
};

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-squad-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function read(value: unknown) {
  const path = join(dir, 'moutarde.json');
  await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value));
  return readSquad(path);
}

test('contexts are paragraphs, impossible questions have no answer', async () => {
  const set = await read(squad);
  expect(set.name).toBe('moutarde');
  expect(set.texts.map(({ title, pages }) => [title, pages[0]!.paragraphs.length])).toEqual([
    ['Dijon', 2],
    ['t2', 1],
  ]);
  expect(
    set.questions.map(({ answerable, answers, evidence, kind }) => ({ answerable, answers, evidence, kind })),
  ).toEqual([
    {
      answerable: true,
      answers: ['Bourgogne'],
      evidence: [{ text: 't1', page: 1, paragraph: 1 }],
      kind: 'direct',
    },
    {
      answerable: true,
      answers: ['pique'],
      evidence: [{ text: 't1', page: 1, paragraph: 2 }],
      kind: 'direct',
    },
    { answerable: false, answers: [], evidence: [], kind: 'silent' },
    { answerable: false, answers: [], evidence: [], kind: 'silent' },
  ]);
  expect(faultsOf(set)).toEqual([]);
});

test('the shape is told apart and what has another one is refused', async () => {
  expect(isSquad(squad)).toBe(true);
  expect(isSquad({ data: [{ paragraphs: [{ text: 'no context' }] }] })).toBe(false);
  expect(isSquad([1])).toBe(false);
  await expect(read('{')).rejects.toMatchObject({ code: 'DATA_INVALID' });
  await expect(read({ data: [] })).rejects.toMatchObject({ code: 'DATA_INVALID' });
});
