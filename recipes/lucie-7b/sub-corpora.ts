import * as cleaning from './cleaning.ts';
import { family, from, onHub, type SubCorpus } from './sub-corpus.ts';

/*
 * All sub-corpora of Lucie-7B's main training, version 1.1 of the Lucie Training Dataset. Names, languages, categories,
 * documents and tokens: the dataset card's table of composition, with Persée, which training saw and which was
 * withdrawn before the release. Versions, origins and licences: the card's paragraph on each source. Where the card
 * names no version or no dataset, it says so here too.
 */

const partners = 'brought along by partners of OpenLLM-France';
const pile = 'monology/pile-uncopyrighted';
const unstated = 'version not stated';

const web: SubCorpus[] = [
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

const newspapers: SubCorpus[] = [
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

const technical: SubCorpus[] = [
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

const books: SubCorpus[] = [
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

const legislation: SubCorpus[] = [
  ...pilePart('FreeLaw', 'pile-freelaw', { category: 'legislative-texts', tokens: 14.011, documents: 3.415 }),
  ...family(
    {
      name: 'Eurovoc',
      source: 'eurovoc',
      category: 'legislative-texts',
      version: unstated,
      // The dataset says EUPL 1.1; the texts are the Publications Office's, which gives them under CC BY 4.0.
      licence: 'CC-BY-4.0',
      origin: onHub('EuropeanParliament/Eurovoc'),
      released: 'Eurovoc/*.parquet',
      rules: cleaning.eurovoc,
    },
    [
      ['en', 2.571, 0.272],
      ['it', 1.527, 0.245],
      ['de', 1.497, 0.247],
      ['es', 1.411, 0.246],
    ],
  ),
  ...family(
    {
      name: 'OpenData',
      source: 'dila-opendata',
      category: 'legislative-texts',
      version: 'collected in October 2023; balo, dole, inca, kali, sarde',
      licence: 'ODC-By-1.0',
      origin: onHub('Nicolas-BZRD/DILA_OPENDATA_FR_2023'),
      released: 'OpenData/*.parquet',
      rules: cleaning.openData,
    },
    [['fr', 1.209, 1.169]],
  ),
  ...family(
    {
      name: 'LEGI',
      source: 'legi',
      category: 'legislative-texts',
      version: 'collected in October 2023',
      licence: 'ODC-By-1.0',
      origin: from(`${partners}; like Nicolas-BZRD/DILA_OPENDATA_FR_2023`),
      released: 'LEGI/*.parquet',
      rules: cleaning.legi,
    },
    [['fr', 0.145, 0.621]],
  ),
  ...parliament('QuestionsEcritesParlement', 'parlement-questions', {
    category: 'legislative-texts',
    tokens: 0.156,
    documents: 0.189,
  }),
  ...parliament('AmendementsParlement', 'parlement-amendements', {
    category: 'legislative-texts',
    tokens: 0.0738,
    documents: 0.673,
  }),
  ...parliament('InterventionsParlement', 'parlement-interventions', {
    category: 'legislative-transcripts',
    tokens: 0.157,
    documents: 1.832,
  }),
  ...family(
    {
      name: 'DiscoursPublics',
      source: 'discours-publics',
      category: 'legislative-transcripts',
      version: unstated,
      licence: 'etalab-2.0',
      origin: from(`${partners}, from vie-publique.fr`),
      released: 'DiscoursPublics/*.parquet',
      rules: cleaning.discoursPublics,
    },
    [['fr', 0.238, 0.11]],
  ),
  ...family(
    {
      name: 'Europarl',
      source: 'europarl',
      category: 'legislative-transcripts',
      version: 'v10',
      licence: 'LicenseRef-Europarl',
      origin: from('statmt.org/europarl/v10'),
      released: 'Europarl/*.parquet',
      rules: cleaning.europarl,
    },
    [
      ['de', 0.0734, 0.0102],
      ['es', 0.0733, 0.0103],
      ['fr', 0.0717, 0.0103],
      ['en', 0.069, 0.0111],
    ],
  ),
];

const wikis: SubCorpus[] = [
  ...wiki('Wikipedia', 'wikipedia', [
    ['en', 7.898, 6.893],
    ['de', 3.476, 2.877],
    ['fr', 2.94, 2.648],
    ['es', 2.124, 1.947],
    ['it', 1.959, 1.87],
  ]),
  ...wiki('Wikisource', 'wikisource', [['fr', 0.795, 0.186]]),
  ...wiki('Wiktionary', 'wiktionary', [['fr', 0.117, 0.65]]),
];

const mathsForumsDialogue: SubCorpus[] = [
  ...family(
    {
      name: 'MathPile',
      source: 'mathpile',
      category: 'math',
      version: 'commercial; question and answers in one text',
      licence: 'CC-BY-SA-4.0',
      origin: onHub('GAIR/MathPile_Commercial'),
      released: 'MathPile/*.parquet',
      rules: cleaning.mathPile,
    },
    [['en', 9.637, 0.737]],
  ),
  ...pilePart('DM_Mathematics', 'pile-dm-mathematics', { category: 'math', tokens: 4.928, documents: 0.992 }),
  ...pilePart('StackExchange', 'pile-stackexchange', {
    category: 'forum',
    tokens: 10.275,
    documents: 15.269,
  }),
  ...pilePart('Ubuntu_IRC', 'pile-ubuntu-irc', {
    category: 'forum',
    tokens: 2.159,
    documents: 0.0104,
    rules: cleaning.ubuntuIrc,
  }),
  ...family(
    {
      name: 'Claire',
      source: 'claire',
      category: 'dialogue',
      version: '0.1',
      licence: 'CC-BY-NC-SA-4.0',
      origin: onHub('OpenLLM-France/Claire-Dialogue-English-0.1'),
      released: 'Claire/*.parquet',
      rules: cleaning.claire,
    },
    [
      ['en', 1.161, 0.949],
      ['fr', 0.311, 0.0393],
    ],
  ).map((part) =>
    part.language === 'fr' ? { ...part, origin: onHub('OpenLLM-France/Claire-Dialogue-French-0.1') } : part,
  ),
  ...family(
    {
      name: 'YouTube',
      source: 'youtube',
      category: 'dialogue',
      version: unstated,
      licence: 'LicenseRef-YouTube-permissive',
      origin: from('LINAGORA Labs and LeVoiceLab, subtitles of youtube.com'),
      released: 'YouTube/*.parquet',
      rules: cleaning.youtube,
    },
    [['fr', 0.336, 0.0375]],
  ),
  ...family(
    {
      name: 'Stac',
      source: 'stac',
      category: 'dialogue',
      version: unstated,
      licence: 'CC-BY-NC-SA-4.0',
      origin: from('irit.fr/STAC'),
      released: 'Stac/*.parquet',
      rules: cleaning.stac,
    },
    [['en', 0.000121, 0.000045]],
  ),
];

const pairs: SubCorpus[] = [
  ...family(
    {
      name: 'CroissantAligned',
      source: 'croissant-aligned',
      category: 'parallel',
      version: 'aligned_36b',
      licence: 'LicenseRef-OPUS',
      origin: onHub('croissantllm/croissant_dataset_no_web_data'),
      released: 'CroissantAligned/*.parquet',
      rules: cleaning.aligned,
    },
    [['fr-en', 25.351, 408.029]],
  ),
  ...family(
    {
      name: 'EuroparlAligned',
      source: 'europarl-aligned',
      category: 'parallel',
      version: 'v7; German and French: v10',
      licence: 'LicenseRef-Europarl',
      origin: from('statmt.org/europarl'),
      released: 'EuroparlAligned/*.parquet',
      rules: cleaning.aligned,
    },
    [
      ['it-en', 0.151, 1.901],
      ['fr-en', 0.143, 2.003],
      ['es-en', 0.143, 1.961],
      ['de-fr', 0.141, 1.792],
    ],
  ),
];

const code: SubCorpus[] = family(
  {
    name: 'TheStack',
    source: 'the-stack',
    category: 'programming',
    version: 'v1.2, deduplicated; of tex the .tex files alone',
    licence: 'LicenseRef-The-Stack',
    origin: onHub('bigcode/the-stack-dedup'),
    released: 'TheStack/*.parquet',
    rules: cleaning.theStack,
  },
  [
    ['code:javascript', 58.609, 21.109],
    ['code:java', 27.68, 20.152],
    ['code:c', 24.092, 8.626],
    ['code:php', 22.883, 15.905],
    ['code:python', 21.683, 12.962],
    ['code:c++', 18.835, 6.378],
    ['code:c#', 13.381, 10.839],
    ['code:go', 10.262, 4.73],
    ['code:typescript', 9.836, 10.637],
    ['code:rust', 3.241, 1.387],
    ['code:ruby', 2.392, 3.405],
    ['code:swift', 1.876, 1.756],
    ['code:kotlin', 1.758, 2.243],
    ['code:scala', 1.587, 1.362],
    ['code:tex', 1.507, 0.398],
    ['code:lua', 1.367, 0.559],
    ['code:dart', 1.242, 0.933],
    ['code:perl', 1.149, 0.392],
    ['code:mathematica', 1.117, 0.0269],
    ['code:assembly', 0.867, 0.248],
    ['code:haskell', 0.807, 0.545],
    ['code:fortran', 0.78, 0.165],
    ['code:julia', 0.66, 0.299],
    ['code:ocaml', 0.43, 0.16],
    ['code:erlang', 0.26, 0.0994],
    ['code:elixir', 0.258, 0.282],
    ['code:clojure', 0.179, 0.126],
    ['code:r', 0.158, 0.0392],
    ['code:matlab', 0.0427, 0.000967],
    ['code:racket', 0.0153, 0.0042],
  ],
);

/** Every sub-corpus, by category. */
export const subCorpora: readonly SubCorpus[] = [
  ...web,
  ...newspapers,
  ...technical,
  ...books,
  ...legislation,
  ...wikis,
  ...mathsForumsDialogue,
  ...pairs,
  ...code,
];

type Part = Pick<SubCorpus, 'category' | 'tokens' | 'documents'> & { rules?: SubCorpus['rules'] };

/** A part of the Pile without those under copyright. */
function pilePart(part: string, source: string, figures: Part): SubCorpus[] {
  return family(
    {
      name: `Pile (${part})`,
      source,
      category: figures.category,
      version: unstated,
      licence: 'LicenseRef-Pile-uncopyrighted',
      origin: onHub(pile),
      released: `Pile/*${part}.parquet`,
      rules: figures.rules ?? cleaning.pile,
    },
    [['en', figures.tokens, figures.documents]],
  );
}

/** What Regards citoyens publishes of the French parliament, under CC BY-SA without a stated version. */
function parliament(name: string, source: string, figures: Part): SubCorpus[] {
  return family(
    {
      name,
      source,
      category: figures.category,
      version: unstated,
      licence: 'CC-BY-SA-4.0',
      origin: from(`${partners}, from regardscitoyens.org`),
      released: `${name}/*.parquet`,
      rules: cleaning.parliament,
    },
    [['fr', figures.tokens, figures.documents]],
  );
}

/** A wiki of Wikimedia, from its Enterprise HTML dumps by the project's own converter. */
function wiki(name: string, source: string, variants: Parameters<typeof family>[1]): SubCorpus[] {
  return family(
    {
      name,
      source,
      category: 'wiki',
      version: unstated,
      licence: 'CC-BY-SA-4.0',
      origin: onHub(`OpenLLM-France/${source}`),
      released: `${name}/*.parquet`,
      rules: cleaning.wikimedia,
    },
    variants,
  );
}
