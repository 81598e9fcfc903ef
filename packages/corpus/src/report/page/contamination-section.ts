import type { CorpusReport } from '../corpus-report.ts';
import { html } from './html.ts';
import { figure, say } from './say.ts';
import { dataTable, type Section } from './section.ts';

export function contaminationSection({ contamination, rules }: CorpusReport): Section {
  const id = 'contamination';
  const { benchmarks } = contamination;
  const sources = [...new Set(benchmarks.flatMap((one) => one.sources.map(({ source }) => source)))].sort();
  return {
    id,
    title: say('Questions d’examen retrouvées', 'Benchmark items found'),
    body: html`<p>${say(
      'Un modèle qui a lu les questions sur lesquelles on le note paraît meilleur qu’il n’est. Les documents qui contiennent treize mots de suite d’une question sont écartés.',
      'A model that has read the questions it is scored with looks better than it is. Documents that hold thirteen words in a row of an item are thrown away.',
    )}</p>${
      benchmarks.length === 0
        ? html`<p>${
            rules.some(({ rule }) => rule === 'contamination')
              ? say('Rien n’a été trouvé.', 'Nothing was found.')
              : say(
                  'Rien n’a été trouvé, ou aucune épreuve n’a été donnée à comparer.',
                  'Nothing was found, or no benchmark was given to compare with.',
                )
          }</p>`
        : html`${dataTable(
            [
              say('Épreuve', 'Benchmark'),
              say('Questions retrouvées', 'Items found'),
              say('Documents écartés', 'Documents thrown away'),
              ...sources,
            ],
            benchmarks.map((one) => ({
              name: one.benchmark,
              cells: [
                figure(one.items),
                figure(one.documents),
                ...sources.map((source) =>
                  figure(one.sources.find((part) => part.source === source)?.documents ?? 0),
                ),
              ],
            })),
            { labelledBy: id, wide: sources.length > 1 },
          )}<details><summary>${say('Exemples', 'Examples')}</summary><ul class="samples">${benchmarks.flatMap(
            (one) =>
              one.examples.map(
                ({ id: document, item, words }) =>
                  html`<li><span class="meta">${one.benchmark} ${item} · <code>${document}</code></span><blockquote>${words}</blockquote></li>`,
              ),
          )}</ul></details>`
    }`,
  };
}
