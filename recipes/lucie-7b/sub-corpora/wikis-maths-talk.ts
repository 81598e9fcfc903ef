import * as cleaning from '../cleaning.ts';
import { family, from, onHub, type SubCorpus } from '../sub-corpus.ts';
import { pilePart, unstated, wiki } from './shared.ts';

export const wikis: SubCorpus[] = [
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

export const mathsForumsDialogue: SubCorpus[] = [
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
