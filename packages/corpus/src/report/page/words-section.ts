import { html } from '@lucie/ledger';
import { say } from './say.ts';
import type { Section } from './section.ts';

const words: [fr: string, en: string, meaning: { fr: string; en: string }][] = [
  [
    'document',
    'document',
    {
      fr: 'un texte qui se tient : un article, une fiche, une page, un fichier de code.',
      en: 'one text that stands by itself: an article, a sheet, a page, a file of code.',
    },
  ],
  [
    'jeton',
    'token',
    {
      fr: 'le morceau de mot que le modèle lit ; environ quatre octets de texte français.',
      en: 'the piece of a word that the model reads; about four bytes of English text.',
    },
  ],
  [
    'octet',
    'byte',
    {
      fr: 'la mesure de la taille d’un texte ; une lettre en fait un, une lettre accentuée deux.',
      en: 'the measure of a text’s size; a letter is one, an accented letter two.',
    },
  ],
  [
    'mis de côté',
    'held out',
    {
      fr: 'gardé hors de l’entraînement, pour mesurer ensuite le modèle sur des textes neufs.',
      en: 'kept out of training, to measure the model on fresh text afterwards.',
    },
  ],
  [
    'source',
    'source',
    {
      fr: 'un paquet ou un jeu de données publié par quelqu’un, avec sa version et sa licence.',
      en: 'a package or data set that someone has published, with its version and licence.',
    },
  ],
  [
    'passages',
    'epochs',
    {
      fr: 'combien de fois l’entraînement lit une source, relativement aux autres.',
      en: 'how often training reads a source, relative to the others.',
    },
  ],
];

export function wordsSection(): Section {
  return {
    id: 'words',
    title: say('Les mots de cette page', 'The words of this page'),
    body: html`<dl class="words">${words.map(
      ([fr, en, meaning]) => html`<dt>${say(fr, en)}</dt><dd>${say(meaning.fr, meaning.en)}</dd>`,
    )}</dl><p class="meta">${say(
      'Les mêmes chiffres : report.json ; en tableaux : funnel.csv, composition.csv, rejected-samples.csv, clusters.csv (les plus grands groupes seulement ; tous : clusters.parquet), contamination.csv. Tous les documents écartés : rejected.parquet.',
      'The same figures: report.json; as tables: funnel.csv, composition.csv, rejected-samples.csv, clusters.csv (the biggest groups only; all of them: clusters.parquet), contamination.csv. All documents thrown away: rejected.parquet.',
    )}</p>`,
  };
}
