import * as cleaning from '../cleaning.ts';
import { family, from, onHub, type SubCorpus } from '../sub-corpus.ts';
import { parliament, partners, pilePart, unstated } from './shared.ts';

export const legislation: SubCorpus[] = [
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
