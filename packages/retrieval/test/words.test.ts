import { stemmer } from '@orama/stemmers/french';
import { describe, expect, it } from 'vitest';
import { analyse } from '../src/words/analyse.ts';
import { editDistance } from '../src/words/edit-distance.ts';
import { writeOutPhone } from '../src/words/phone-spelling.ts';
import { phoneticKey } from '../src/words/phonetic.ts';
import { sentences } from '../src/words/sentences.ts';
import { stem } from '../src/words/stem.ts';
import { rarity, understandQuestion } from '../src/words/understand-question.ts';
import { Vocabulary } from '../src/words/vocabulary.ts';

const terms = (text: string): string[] => analyse(text).map(({ term }) => term);
const cut = (text: string): string[] => sentences(text).map(({ start, end }) => text.slice(start, end));

describe('analyse', () => {
  it.each([
    ["L’eau qu'il boit jusqu'à l'aube", ['eau', 'boit', 'aub']],
    ['Sœur, sœurs, SOEUR', ['soeur', 'soeur', 'soeur']],
    ['Évaporé, évaporées, évapore', ['evapor', 'evapor', 'evapor']],
    ['Saint-Aubert et saint aubert', ['saint', 'aubert', 'saint', 'aubert']],
    ['a-t-elle donné ?', ['don']],
    // Numbers in one spelling, with and without spaces, words, points.
    ['12 000 habitants, 12 000, douze mille', ['12000', 'habit', '12000', '12000']],
    ['1,50 et 1.5', ['1.5', '1.5']],
    ['quatre-vingt-dix-sept et soixante et onze', ['97', '71']],
    ['trois cent quarante-deux mille cinq', ['342005']],
    ['mille élèves', ['1000', 'elev']],
    ['deux, trois vélos', ['2', '3', 'velo']],
    ['une pomme, un chat', ['pomm', 'chat']],
    ['en 2023 450 élèves', ['2023', '450', 'elev']],
    // Measures by their names.
    ['5 kg, 5kg, cinq kilos', ['5', 'kilogramm', '5', 'kilogramm', '5', 'kilogramm']],
    ['22 °C ou 22 degrés', ['22', 'degr', '22', 'degr']],
    [
      "14h30, 14 h 30, 20 %, en 2013 l'école",
      ['14', 'heur', '30', '14', 'heur', '30', '20', 'pourcentag', '2013', 'ecol'],
    ],
    ['M. Pelloux', ['pellou']],
    // Words that are stop words and nouns.
    ['Le son va vite dans son bocal', ['son', 'vit', 'bocal']],
    ['En été il a été absent', ['ete', 'absent']],
    ['la 6e B et le CO2', ['6e', 'co2']],
    ['constructor __proto__ toString', ['constructor', 'proto', 'tostring']],
    ['', []],
  ])('%s', (text, expected) => expect(terms(text)).toEqual(expected));

  it('says where each word stands', () => {
    const text = "D'où vient l’œuf de quatre-vingts grammes ?";
    expect(analyse(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'vient',
      'œuf',
      'quatre-vingts',
      'grammes',
    ]);
  });
});

describe('stem', () => {
  // Stems of Snowball's French vocabulary (snowballstem.org, list of 2018); the whole list of 20,805 words agrees.
  it.each([
    ['continuellement', 'continuel'],
    ['majestueusement', 'majestu'],
    ['abandonnée', 'abandon'],
    ['abréger', 'abreg'],
    ['absences', 'absenc'],
    ['accéléra', 'accéler'],
    ['acheminait', 'achemin'],
    ['administrateurs', 'administr'],
  ])('%s is Snowball’s %s', (word, expected) => expect(stemmer(word)).toBe(expected));

  it('brings together what Snowball leaves apart', () => {
    for (const [a, b] of [
      ['abritent', 'abriter'],
      ['abandonnent', 'abandonner'],
      ['lieux', 'lieu'],
      ['bijoux', 'bijou'],
      ['heureuse', 'heureux'],
      ['amis', 'ami'],
      ['grise', 'gris'],
      ['années', 'ans'],
      ['ÉLÈVES', 'eleve'],
    ]) {
      expect(stem(a!), a).toBe(stem(b!));
    }
    expect(stem('vent')).toBe('vent');
    expect(stem('moment')).not.toBe(stem('momie'));
  });
});

describe('sentences', () => {
  it.each([
    ['Il pleut. Il vente ! Vraiment ? Oui…', ['Il pleut.', 'Il vente !', 'Vraiment ?', 'Oui…']],
    [
      'M. Dupont et Mme. Rey, p. ex. hier, sont là. Fin.',
      ['M. Dupont et Mme. Rey, p. ex. hier, sont là.', 'Fin.'],
    ],
    ['Des vis, des clous, etc. Le reste suit.', ['Des vis, des clous, etc.', 'Le reste suit.']],
    ['Des vis, etc. sont là. Oui.', ['Des vis, etc. sont là.', 'Oui.']],
    ['Il mesure 1.75 m. Il court.', ['Il mesure 1.75 m.', 'Il court.']],
    ['Voir p. 12 et fig. 3. Puis le tableau.', ['Voir p. 12 et fig. 3.', 'Puis le tableau.']],
    ['« Au feu ! Vite ! » cria J. Verne. Il fuit.', ['« Au feu ! Vite ! » cria J. Verne.', 'Il fuit.']],
    ['Elle dit : « Je pars. » Il reste.', ['Elle dit : « Je pars. »', 'Il reste.']],
    ['En 52 av. J.-C. Vercingétorix perd. Fin.', ['En 52 av. J.-C. Vercingétorix perd.', 'Fin.']],
    ['1. Le sol\n2. Les eaux', ['1. Le sol', '2. Les eaux']],
    ['Rendez-vous salle B. Nous partons.', ['Rendez-vous salle B.', 'Nous partons.']],
    ['Il y en a… trop. (Vraiment.) Bon.', ['Il y en a… trop.', '(Vraiment.)', 'Bon.']],
    ['Il en reste 7. Les autres sont partis.', ['Il en reste 7.', 'Les autres sont partis.']],
    ['Sans point final', ['Sans point final']],
    [' \n ', []],
  ])('%s', (text, expected) => expect(cut(text)).toEqual(expected));

  it('loses no character but space, whatever the text', () => {
    const pieces = [
      'M. ',
      'Il est 3.5 ',
      '« Non ! ',
      '» ',
      '... ',
      '\n',
      'etc. ',
      'A. ',
      '(oui) ',
      '?! ',
      "l'an ",
      '12. ',
    ];
    for (let seed = 0; seed < 500; seed++) {
      let text = '';
      for (let i = 0, n = seed; i < 9; i++, n = (n * 7 + 3) % 997) text += pieces[n % pieces.length];
      let at = 0;
      for (const { start, end } of sentences(text)) {
        expect(text.slice(at, start).trim()).toBe('');
        expect(text.slice(start, end)).toBe(text.slice(start, end).trim());
        expect(end).toBeGreaterThan(start);
        at = end;
      }
      expect(text.slice(at).trim()).toBe('');
    }
  });
});

describe('spelling', () => {
  it('counts edits, a swap of neighbours as one', () => {
    // Levenshtein's distances by hand; the restricted Damerau distance of ca and abc is 3.
    const cases: [string, string, number][] = [
      ['chien', 'chein', 1],
      ['orge', 'orgue', 1],
      ['', 'ab', 2],
      ['ca', 'abc', 3],
      ['niche', 'chien', 4],
      ['a', 'a', 0],
    ];
    for (const [a, b, distance] of cases) {
      expect(editDistance(a, b, 9), `${a} ${b}`).toBe(distance);
      expect(editDistance(b, a, 9)).toBe(distance);
      if (distance > 1) expect(editDistance(a, b, 1)).toBe(2);
    }
  });

  it.each([
    ['chodière', 'chaudière'],
    ['fér', 'faire'],
    ['regardé', 'regarder'],
    ['fotografie', 'photographie'],
    ['kestion', 'question'],
    ['bato', 'bateaux'],
    ['jirafe', 'girafe'],
  ])('hears %s as %s', (written, meant) => {
    expect(phoneticKey(written)).toBe(phoneticKey(meant));
  });

  it('hears words that sound different as different', () => {
    for (const [a, b] of [
      ['poisson', 'poison'],
      ['chat', 'cas'],
      ['gare', 'jarre'],
      ['pain', 'pan'],
      ['bon', 'ban'],
    ]) {
      expect(phoneticKey(a!), `${a} ${b}`).not.toBe(phoneticKey(b!));
    }
  });

  it.each([
    ['c koi la capital ?', "c'est quoi la capital ?"],
    ['pk ya bcp de vent', 'pourquoi il y a beaucoup de vent'],
    ["k'odile a fé", "qu'odile a fait"],
    ["C'est aujourd'hui, ça pèse 5 g", "C'est aujourd'hui, ça pèse 5 g"],
    ['Le DS de maths', 'Le DS de maths'],
    ['PK CA BOUGE ?', 'pourquoi CA BOUGE ?'],
  ])('%s', (typed, meant) => expect(writeOutPhone(typed)).toBe(meant));

  const vocabulary = new Vocabulary(
    Object.entries({
      chaudière: 5,
      orgue: 9,
      orge: 2,
      potager: 3,
      partager: 1,
      orzelle: 4,
      marché: 3,
      marche: 2,
      élève: 8,
    }).flatMap(([word, count]) => analyse(word).map(({ form, term }) => ({ form, term, count }))),
  );
  const meant = (word: string) => understandQuestion(word, vocabulary, 100)[0]?.meant.map(({ form }) => form);

  it('corrects by the words that the documents have', () => {
    expect(meant('chodière')).toEqual(['chaudiere']);
    expect(meant('lorzelle')).toEqual(['orzelle']);
    expect(meant('pottagé')![0]).toBe('potager');
    expect(meant('oorge')).toEqual(['orge']);
    // One edit from both: the more frequent word first.
    expect(meant('orgie')).toEqual(['orgue', 'orge']);
    // Unknown words stay unknown: a short one, one too far away, a number.
    expect(meant('zut')).toEqual([]);
    expect(meant('montagne')).toEqual([]);
    expect(meant('2024')).toEqual([]);
  });

  it('takes a known word as it is, in every inflection and accent, and weighs corrections less', () => {
    const [known] = understandQuestion('MARCHES', vocabulary, 100);
    expect(known!.meant.every(({ weight }) => weight === 1)).toBe(true);
    const [eleves] = understandQuestion('eleves', vocabulary, 100);
    expect(eleves!.meant).toMatchObject([{ term: 'elev', weight: 1 }]);
    for (const { weight } of understandQuestion('chodière pottagé orgie', vocabulary, 100).flatMap(
      (word) => word.meant,
    )) {
      expect(weight).toBeGreaterThan(0);
      expect(weight).toBeLessThan(1);
    }
  });

  it('knows how rare a word is, and stays small', () => {
    expect(rarity(0, 100)).toBeCloseTo(Math.log(1 + 100.5 / 0.5), 12);
    expect(rarity(100, 100)).toBeCloseTo(Math.log(1 + 0.5 / 100.5), 12);
    const long = Array.from({ length: 400 }, (_, i) => `mot${i} chaudière`).join(' ');
    expect(understandQuestion(long, vocabulary, 100).length).toBeLessThanOrEqual(64);
  });
});
