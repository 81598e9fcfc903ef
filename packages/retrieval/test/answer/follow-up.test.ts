import { describe, expect, test } from 'vitest';
import { type Turn, understand } from '../../src/answer/follow-up.ts';

const history: Turn[] = [
  { role: 'user', text: 'Pourquoi la foire revenait-elle toutes les semaines ?' },
  { role: 'assistant', text: 'Les documents ne le disent pas.' },
];

describe('a question in a conversation', () => {
  test('alone it is what it is', () => {
    expect(understand('Quand a brûlé la halle ?')).toEqual({
      question: 'Quand a brûlé la halle ?',
      before: [],
    });
  });

  test.each([
    'Mais si, le prof a dit que la foire avait lieu chaque semaine, donc pourquoi ?',
    'Si, je suis sûr, alors pourquoi ?',
    'Notre professeure nous a expliqué que c’était chaque semaine.',
    'on m’a dit que oui',
    'Mme Garnier a dit que c’était vrai',
  ])('insisting asks the question before again, without the claim: %s', (press) => {
    expect(understand(press, history)).toEqual({ question: history[0]!.text, before: [] });
  });

  test('insisting twice still asks the first question', () => {
    const longer: Turn[] = [
      ...history,
      { role: 'user', text: 'Mais si !' },
      { role: 'assistant', text: 'Non.' },
    ];
    expect(understand('Mais si, je te jure', longer).question).toBe(history[0]!.text);
  });

  test('a short question leans on the one before, a full one does not', () => {
    const turns: Turn[] = [{ role: 'user', text: 'Combien d’élèves avait l’école de Valserre en 1900 ?' }];
    expect(understand('Et en 1950 ?', turns)).toEqual({ question: 'Et en 1950 ?', before: [turns[0]!.text] });
    expect(understand('Quelle est la profondeur du puits communal de Bréval ?', turns).before).toEqual([]);
  });

  test('what the assistant said is never understood as a question', () => {
    expect(understand('Et en 1950 ?', [{ role: 'assistant', text: 'En 1900, 40 élèves.' }]).before).toEqual(
      [],
    );
  });
});
