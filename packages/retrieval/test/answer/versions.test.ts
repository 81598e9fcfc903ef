import { describe, expect, test } from 'vitest';
import { asksForOld, supersededAmong } from '../../src/answer/versions.ts';
import { hitsOf } from './made-room.ts';

const old = { title: 'Sortie au musée (version du 4 mars)', paragraphs: ['Le car part à 8 h.'] };
const now = { title: 'Sortie au musée (version du 18 mars)', paragraphs: ['Le car part à 9 h.'] };

describe('versions of a document', () => {
  test('the later one replaces the earlier, in whatever order they were added', () => {
    expect(supersededAmong(hitsOf([old, now]))).toEqual([{ document: 1, title: old.title, by: 2 }]);
    expect(supersededAmong(hitsOf([now, old]))).toEqual([{ document: 2, title: old.title, by: 1 }]);
  });

  test('a school year begins in September: January is after November', () => {
    const autumn = { ...old, title: 'Règles du CDI (version du 12 novembre)' };
    const winter = { ...now, title: 'Règles du CDI (version du 10 janvier)' };
    expect(supersededAmong(hitsOf([winter, autumn]))).toEqual([{ document: 2, title: autumn.title, by: 1 }]);
  });

  test('what a document says of the other counts more than the order of dates', () => {
    const says = { ...old, paragraphs: ['Cette note annule et remplace celle du 18 mars.'] };
    expect(supersededAmong(hitsOf([says, now]))).toEqual([{ document: 2, title: now.title, by: 1 }]);
  });

  test('of three, each older one is replaced by the last', () => {
    const last = { ...now, title: 'Sortie au musée (version du 2 avril)' };
    expect(supersededAmong(hitsOf([old, last, now])).map(({ document, by }) => [document, by])).toEqual([
      [1, 2],
      [3, 2],
    ]);
  });

  test('documents about different things, or without dates, replace nothing', () => {
    expect(
      supersededAmong(hitsOf([old, { ...now, title: 'Stage en entreprise (version du 18 mars)' }])),
    ).toEqual([]);
    expect(
      supersededAmong(
        hitsOf([
          { ...old, title: 'Les volcans, première partie' },
          { ...now, title: 'Les volcans, seconde partie' },
        ]),
      ),
    ).toEqual([]);
  });

  test('a question about the old one gets it', () => {
    const [gone] = supersededAmong(hitsOf([old, now]));
    expect(asksForOld('Dans la note du 4 mars, à quelle heure partait le car ?', gone!)).toBe(true);
    expect(asksForOld('À quelle heure partait le car dans l’ancienne version ?', gone!)).toBe(true);
    expect(asksForOld('À quelle heure part le car ?', gone!)).toBe(false);
  });
});
