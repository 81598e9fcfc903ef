import { expect, test } from 'vitest';
import { fold } from '../src/words/fold.ts';
import { respell } from '../src/words/respell.ts';
import { stem } from '../src/words/stem.ts';
import { understandQuestion } from '../src/words/understand-question.ts';
import { Vocabulary } from '../src/words/vocabulary.ts';

const ROOM = ['chaudière', 'fioul', 'école', 'lézard', 'hiver', 'ampoule', 'argent', 'orzelle', 'four'];
const vocabulary = new Vocabulary(ROOM.map((word) => ({ form: fold(word), term: stem(word), count: 1 })));
const respelt = (question: string) => respell(question, understandQuestion(question, vocabulary, 10));

test.each([
  ['la chodiere de l’école brûlait cb de fioul ?', 'la chaudiere de l’école brûlait combien de fioul ?'],
  // What the room has stays as it is written, and so does what it has nothing like.
  ['L’École a-t-elle une toiture ?', 'L’École a-t-elle une toiture ?'],
  ['pas dargent pr la chaudière', 'pas argent pour la chaudière'],
  ['', ''],
])('%s', (question, expected) => expect(respelt(question)).toBe(expected));

test('a word that is only perhaps another one is left to the pupil', () => {
  const words = understandQuestion('le jour', vocabulary, 10);
  expect(words[0]!.meant[0]).toMatchObject({ form: 'four', weight: 0.45 });
  expect(respell('le jour', words)).toBe('le jour');
});
