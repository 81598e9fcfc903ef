import { type Html, html } from '@lucie/ledger';
import type { CorpusReport } from '../corpus-report.ts';
import { languageName } from '../language-name.ts';
import { estimate, figure, inBoth, percent, say } from './say.ts';
import { dataTable, type Section } from './section.ts';

/** What training makes of the corpus: some sources are seen more often than others. */
export function mixSection({ mix }: CorpusReport): Section {
  const id = 'mix';
  const sources = mix.sources.toSorted(
    (a, b) => b.trainedShare - a.trainedShare || (a.source < b.source ? -1 : 1),
  );
  const head = (name: Html) => [
    name,
    say('Jetons (estimation)', 'Tokens (estimate)'),
    say('des jetons', 'of the tokens'),
    say('de l’entraînement', 'of the training'),
  ];
  const most = (entries: readonly { share: number; trainedShare: number }[]) =>
    Math.max(...entries.flatMap(({ share, trainedShare }) => [share, trainedShare]), 1e-9);
  const largest = most(sources);
  const languages = Object.entries(mix.languages);
  const largestLanguage = most(languages.map(([, composed]) => composed));
  return {
    id,
    title: say('Ce que l’entraînement en fait', 'What training makes of it'),
    body: html`<p>${say(
      'Une source peut être lue plusieurs fois, ou pas du tout : ses passages.',
      'A source may be read several times, or not at all: its epochs.',
    )} ${
      sources.every(({ epochs }) => epochs === sources[0]!.epochs)
        ? ''
        : say(
            'Ils diffèrent ici : la part d’une source dans l’entraînement n’est donc pas sa part des jetons.',
            'They differ here: so a source’s part of the training is not its part of the tokens.',
          )
    } ${say(
      'Les jetons sont estimés d’après la taille du texte : l’étape suivante les compte.',
      'Tokens are estimated from the size of the text: the next stage counts them.',
    )} ${order(mix.order)}</p>
<ul class="legend"><li><i class="held"></i>${say('part des jetons', 'part of the tokens')}</li><li><i class="kept"></i>${say('part de l’entraînement', 'part of the training')}</li></ul>
${dataTable(
  [...head(html`Source`), say('Passages', 'Epochs')],
  sources.map((source) => ({
    name: html`${source.source}${source.category === 'other' ? '' : html`<span class="what" lang="en">${source.category}</span>`}`,
    bar: twoBars(source, largest),
    cells: [
      estimate(source.tokens),
      percent(source.share),
      percent(source.trainedShare),
      figure(source.epochs, 2),
    ],
  })),
  { labelledBy: id },
)}
<h3>${say('Par langue', 'By language')}</h3>
${dataTable(
  head(say('Langue', 'Language')),
  languages.map(([code, composed]) => ({
    name:
      code === 'parallel'
        ? say('textes parallèles', 'parallel text')
        : code === 'code'
          ? 'code'
          : inBoth((language) => languageName(code, language)),
    bar: twoBars(composed, largestLanguage),
    cells: [estimate(composed.tokens), percent(composed.share), percent(composed.trainedShare)],
  })),
  { labelledBy: id },
)}`,
  };
}

function twoBars(part: { share: number; trainedShare: number }, most: number): Html {
  const width = (share: number) => ((100 * share) / most).toFixed(2);
  return html`<svg class="bar two" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="held" x="0" y="0" width="${width(part.share)}" height="4.6"/><rect class="kept" x="0" y="5.4" width="${width(part.trainedShare)}" height="4.6"/></svg>`;
}

function order(by: CorpusReport['mix']['order']): Html {
  if (by.by === 'date') {
    return say(
      `Chaque source est lue du plus ancien au plus récent, mélangée par fenêtres de ${by.window} documents.`,
      `Each source is read from the oldest to the newest, shuffled within windows of ${by.window} documents.`,
    );
  }
  return by.by === 'chance'
    ? say('Les documents sont dans un ordre tiré au sort.', 'Documents are in an order drawn by lot.')
    : say('Les documents sont dans l’ordre de lecture.', 'Documents are in the order of reading.');
}
