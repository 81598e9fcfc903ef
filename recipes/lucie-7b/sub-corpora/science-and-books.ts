import * as cleaning from '../cleaning.ts';
import { family, from, onHub, type SubCorpus } from '../sub-corpus.ts';
import { partners, pilePart, unstated } from './shared.ts';

export const technical: SubCorpus[] = [
  ...family(
    {
      name: 'PeS2o',
      source: 'pes2o',
      category: 'technical',
      version: 'v2, up to 2023-01-03',
      licence: 'ODC-By-1.0',
      origin: onHub('allenai/peS2o'),
      released: 'PeS2o/*.parquet',
      rules: cleaning.peS2o,
    },
    [['en', 65.365, 38.972]],
  ),
  ...family(
    {
      name: 'HAL',
      source: 'hal',
      category: 'technical',
      version: unstated,
      licence: 'LicenseRef-ROOTS',
      origin: onHub('bigscience-data/roots_fr_hal_archives_ouvertes'),
      released: 'HAL/*.parquet',
      rules: cleaning.hal,
    },
    [['fr', 16.224, 0.349]],
  ),
  ...family(
    {
      name: 'Theses',
      source: 'theses',
      category: 'technical',
      version: unstated,
      licence: 'etalab-2.0',
      origin: from(`${partners}, from theses.fr and HAL`),
      released: 'Theses/*.parquet',
      rules: cleaning.theses,
    },
    [['fr', 14.06, 0.102]],
  ),
  ...family(
    {
      name: 'Persee',
      source: 'persee',
      category: 'technical',
      version: 'withdrawn: a list of addresses and statistics stand in its place',
      licence: 'LicenseRef-Persee',
      origin: from('persee.fr'),
      released: false,
      rules: cleaning.persee,
    },
    [['fr', 5.754, 1.094]],
  ),
  ...family(
    {
      name: 'OpenEdition',
      source: 'openedition',
      category: 'technical',
      version: unstated,
      licence: 'LicenseRef-OpenEdition-Books',
      origin: from(`${partners}, from openedition.org`),
      released: 'OpenEdition/*.parquet',
      rules: cleaning.openEdition,
    },
    [['fr', 3.604, 0.939]],
  ),
  ...pilePart('USPTO_Backgrounds', 'pile-uspto', { category: 'technical', tokens: 5.105, documents: 5.139 }),
  ...pilePart('PhilPapers', 'pile-philpapers', {
    category: 'technical',
    tokens: 0.618,
    documents: 0.0308,
    rules: cleaning.philPapers,
  }),
  ...pilePart('NIH_ExPorter', 'pile-nih', { category: 'technical', tokens: 0.431, documents: 0.914 }),
];

export const books: SubCorpus[] = [
  ...family(
    {
      name: 'GallicaMonographies',
      source: 'gallica-monographs',
      category: 'book',
      version: unstated,
      licence: 'LicenseRef-public-domain',
      origin: from(`${partners}; like PleIAs/French-PD-Books`),
      released: 'GallicaMonographies/*.parquet',
      rules: cleaning.gallicaMonographs,
    },
    [['fr', 25.169, 0.278]],
  ),
  ...family(
    {
      name: 'Gutenberg',
      source: 'gutenberg',
      category: 'book',
      version: unstated,
      // Its authors are long dead; what the project asks for its name and marks goes with headers and footers.
      licence: 'LicenseRef-public-domain',
      origin: from(`${partners}, from aleph.gutenberg.org and pgcorpus`),
      released: 'Gutenberg/*.parquet',
      rules: cleaning.gutenberg,
    },
    [
      ['en', 5.516, 0.0563, cleaning.gutenbergEnglish],
      ['fr', 0.383, 0.00345],
      ['de', 0.193, 0.00188],
      ['it', 0.129, 0.000958],
      ['es', 0.092, 0.000735],
    ],
  ),
];
