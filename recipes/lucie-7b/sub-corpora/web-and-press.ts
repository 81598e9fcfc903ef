import * as cleaning from '../cleaning.ts';
import { family, from, onHub, type SubCorpus } from '../sub-corpus.ts';
import { partners, unstated } from './shared.ts';

export const web: SubCorpus[] = [
  ...family(
    {
      name: 'RedPajama',
      source: 'redpajama',
      category: 'web',
      version: 'v2; French: snapshots 2014-15 to 2023-14; others: the last ten, 2021-43 to 2023-14',
      licence: 'LicenseRef-Common-Crawl',
      origin: onHub('togethercomputer/RedPajama-Data-V2'),
      released: 'RedPajama/*.parquet',
      rules: cleaning.web,
    },
    [
      ['fr', 741.023, 640.77],
      ['de', 201.371, 162.779],
      ['es', 197.125, 169.447],
      ['it', 108.416, 97.324],
    ],
  ),
  ...family(
    {
      name: 'FineWebEdu',
      source: 'fineweb-edu',
      category: 'web',
      version: 'dumps 2019-04 to 2024-10',
      licence: 'ODC-By-1.0',
      origin: onHub('HuggingFaceFW/fineweb-edu'),
      released: 'FineWebEdu/*.parquet',
      rules: cleaning.fineWebEdu,
    },
    [['en', 467.837, 421.209]],
  ),
];

export const newspapers: SubCorpus[] = [
  ...family(
    {
      name: 'GallicaPress',
      source: 'gallica-press',
      category: 'newspaper',
      version: `${unstated}; its html and its txt part`,
      licence: 'LicenseRef-public-domain',
      origin: from(`${partners}; like PleIAs/French-PD-Newspapers`),
      released: 'GallicaPress/*.parquet',
      rules: cleaning.gallicaPress,
    },
    [['fr', 121.606, 3.205]],
  ),
  ...family(
    {
      name: 'AmericanStories',
      source: 'american-stories',
      category: 'newspaper',
      version: `${unstated}; years 1774 to 1963`,
      licence: 'CC-BY-4.0',
      origin: onHub('dell-research-harvard/AmericanStories'),
      released: 'AmericanStories/*.parquet',
      rules: cleaning.americanStories,
    },
    [['en', 14.313, 59.42]],
  ),
];
