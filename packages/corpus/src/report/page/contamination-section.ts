import { type Html, html } from '@lucie/ledger';
import type { BenchmarkFindings } from '../../contamination/contamination-report.ts';
import type { CorpusReport } from '../corpus-report.ts';
import { figure, say } from './say.ts';
import { dataTable, type Section } from './section.ts';

export function contaminationSection({ contamination }: CorpusReport): Section {
  const id = 'contamination';
  return {
    id,
    title: say('Questions d’examen retrouvées', 'Benchmark items found'),
    body: html`<p>${say(
      'Un modèle qui a lu les questions sur lesquelles on le note paraît meilleur qu’il n’est. Un document où se retrouve une longue suite de mots d’une question (treize d’ordinaire) est écarté.',
      'A model that has read the questions it is scored with looks better than it is. A document that holds a long run of words of an item (thirteen as a rule) is thrown away.',
    )}</p>${
      contamination.length === 0
        ? html`<p>${say('La recette ne donne aucune épreuve à comparer.', 'The recipe names no benchmark to compare with.')}</p>`
        : tables(contamination, id)
    }`,
  };
}

function tables(benchmarks: readonly BenchmarkFindings[], id: string): Html {
  const sources = [...new Set(benchmarks.flatMap((one) => one.sources.map(({ source }) => source)))].sort();
  const most = benchmarks.flatMap(({ name, most }) => most.slice(0, 5).map((item) => ({ name, ...item })));
  return html`${dataTable(
    [
      say('Épreuve', 'Benchmark'),
      'Questions',
      say('assez longues', 'long enough'),
      say('retrouvées', 'found'),
      say('Documents écartés', 'Documents thrown away'),
    ],
    benchmarks.map(({ name, items, usable, found, dropped }) => ({
      name,
      cells: [figure(items), figure(usable), figure(found), figure(dropped)],
    })),
    { labelledBy: id },
  )}<p class="meta">${say(
    '« Assez longues » : les autres ont trop peu de mots pour qu’on les reconnaisse avec certitude. « Retrouvées » compte aussi ce que portaient des doublons déjà écartés.',
    '“Long enough”: the others have too few words to be recognised for certain. “Found” also counts what duplicates held that had fallen already.',
  )}</p>${
    sources.length === 0
      ? ''
      : html`<details><summary>${say('Documents écartés par source, et questions les plus citées', 'Documents thrown away by source, and items quoted most')}</summary>${dataTable(
          [say('Épreuve', 'Benchmark'), ...sources],
          benchmarks.map((one) => ({
            name: one.name,
            cells: sources.map((source) =>
              figure(one.sources.find((part) => part.source === source)?.dropped ?? 0),
            ),
          })),
          { labelledBy: id, wide: sources.length > 3 },
        )}${dataTable(
          [say('Question', 'Item'), say('Documents', 'Documents')],
          most.map(({ name, item, documents }) => ({ name: `${name} ${item}`, cells: [figure(documents)] })),
          { labelledBy: id },
        )}</details>`
  }`;
}
