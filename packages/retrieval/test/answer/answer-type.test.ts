import { describe, expect, test } from 'vitest';
import { expectedAnswer, names, offersAnswer } from '../../src/answer/answer-type.ts';

describe('what a question asks for', () => {
  test.each([
    [
      'Combien de grammes pesait la jeune hirondelle ?',
      { kind: 'number', measure: 'mass', focus: 'grammes' },
    ],
    ['À quelle hauteur volaient les grues ?', { kind: 'number', measure: 'length', focus: 'hauteur' }],
    ['Le pain, il coûte combien ?', { kind: 'number', measure: 'money' }],
    ['Combien de poules ont pondu ?', { kind: 'number', measure: 'poules', focus: 'poules' }],
    ['Quand la halle a-t-elle brûlé ?', { kind: 'date' }],
    ['En quelle année a-t-on construit le pont ?', { kind: 'date' }],
    ['À quelle heure part le car ?', { kind: 'time' }],
    ['Pourquoi la mine a-t-elle fermé ?', { kind: 'cause' }],
    ['Pour quelle raison a-t-on changé de salle ?', { kind: 'cause' }],
    ['Où faut-il attendre le car ?', { kind: 'place' }],
    ['Qui a sauvé la cloche ?', { kind: 'person' }],
    ['Comment s’appelle le tuteur de Léa ?', { kind: 'person' }],
    ['Comment appelle-t-on un vendeur trop petit ?', { kind: 'other' }],
    ['Comment vont-ils à l’école ?', { kind: 'means' }],
    ['Quelle banque a prêté l’argent ?', { kind: 'other', focus: 'banque' }],
    ['Est-ce que les microbes meurent ?', { kind: 'yes-no' }],
  ])('%s', (question, expected) => {
    expect(expectedAnswer(question)).toEqual(expected);
  });
});

describe('what a text offers', () => {
  const offers = (question: string, text: string) => offersAnswer(expectedAnswer(question), text);

  test('a number of the measure counts more than any number', () => {
    const question = 'Combien pèse la cloche ?';
    expect(offers(question, 'Elle pèse 340 kg.')).toBe(1);
    expect(offers(question, 'Elle fut fondue en 1450.')).toBe(0.25);
    expect(offers(question, 'Elle sonne faux.')).toBe(0);
  });

  test('numbers in words and heads of columns count', () => {
    expect(offers('Combien coûte la visite ?', 'On paie quatre euros.')).toBe(1);
    expect(offers('Combien coûte le chêne ?', 'Bois | Prix (€)\nChêne | 14')).toBe(1);
    expect(offers('Combien de poules ont pondu ?', 'Ce matin, douze belles poules ont pondu.')).toBe(1);
    expect(offers('Combien de poules ont pondu ?', 'Les poules ont pondu.')).toBe(0);
  });

  test('days, hours, people, reasons', () => {
    expect(offers('Quand a-t-elle brûlé ?', 'Elle a brûlé le 3 mai.')).toBe(1);
    expect(offers('Quand a-t-elle brûlé ?', 'Elle a brûlé vite.')).toBe(0);
    expect(offers('À quelle heure part le car ?', 'Il part à 8 h 20.')).toBe(1);
    expect(offers('Qui a sauvé la cloche ?', 'Puis Mme Orsat la cacha.')).toBe(1);
    expect(offers('Qui a sauvé la cloche ?', 'La cloche fut cachée.')).toBe(0);
    expect(offers('Pourquoi fermer ?', 'On ferma parce que le toit fuyait.')).toBe(1);
    expect(offers('Pourquoi fermer ?', 'On ferma le lundi.')).toBe(0.25);
    expect(offers('Est-ce vrai ?', 'Oui.')).toBeUndefined();
  });

  test('a capital at the beginning of a sentence is no name', () => {
    expect(names('Hier la classe a vu Maria Orsat. Demain elle verra Saint-Aubret.')).toEqual([
      'Maria',
      'Orsat',
      'Saint-Aubret',
    ]);
  });
});
