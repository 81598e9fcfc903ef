import { type Html, html } from '@lucie/ledger';
import type { CorpusReport } from '../corpus-report.ts';
import type { Cluster, DuplicatesReport } from '../duplicates.ts';
import { ruleName } from '../rule-names.ts';
import { columnChart, svgFigure } from './charts.ts';
import { bytes, figure, figureText, type Language, say } from './say.ts';
import { dataTable, type Section } from './section.ts';

/** Groups shown at once; more are behind a fold. */
const OPEN = 5;

export function duplicatesSection({ duplicates }: CorpusReport): Section {
  const id = 'duplicates';
  const total = Object.values(duplicates.removed).reduce((a, b) => a + b, 0);
  return {
    id,
    title: say('Doublons', 'Duplicates'),
    body:
      duplicates.clusters === 0
        ? html`<p>${say('Aucun document n’en répète un autre.', 'No document repeats another.')}</p>`
        : html`<p>${say(
            'Un texte lu cent fois est appris par cœur. Toutes les sources et langues sont comparées entre elles ; de chaque groupe un seul document reste : le plus ancien, puis celui dont la licence est la plus libre.',
            'A text that is read a hundred times is learnt by heart. All sources and languages are compared with each other; of each group one document stays: the oldest, then the one under the freest licence.',
          )}</p>
<p>${figure(total)} ${say('documents en répètent un autre, en', 'documents repeat another, in')} ${figure(duplicates.clusters)} ${say('groupes', 'groups')} (${Object.entries(
            duplicates.removed,
          ).map(
            ([rule, count], i) =>
              html`${i ? ', ' : ''}${say(ruleName(rule).fr, ruleName(rule).en)} ${figure(count)}`,
          )}).</p>
${similarities(duplicates)}
${sizes(duplicates, id)}
${between(duplicates, id)}
<h3 id="clusters">${say('Les plus grands groupes', 'The biggest groups')}</h3>
${duplicates.biggest.slice(0, OPEN).map(cluster)}${
  duplicates.biggest.length > OPEN
    ? html`<details class="rule"><summary>${say('Les suivants', 'The next ones')}</summary>${duplicates.biggest.slice(OPEN).map(cluster)}</details>`
    : ''
}`,
  };
}

function similarities({ similarities }: DuplicatesReport): Html | string {
  if (similarities.length === 0) return '';
  const counts = new Map(similarities.map(({ from, documents }) => [Math.round(100 * from), documents]));
  const first = Math.min(...counts.keys());
  const columns = Array.from({ length: 100 - first }, (_, i) => {
    const value = counts.get(first + i) ?? 0;
    return {
      name: svgFigure((first + i) / 100, 2),
      value,
      title: `${span(first + i, 'fr')} : ${figureText(value, 'fr')} · ${span(first + i, 'en')}: ${figureText(value, 'en')}`,
    };
  });
  const most = Math.max(...columns.map(({ value }) => value));
  return html`<h3 id="similarity">${say('À quel point ils se ressemblent', 'How much alike they are')}</h3><p>${say(
    'Quasi-doublons selon leur ressemblance avec le document gardé : la part des suites de mots que les deux ont en commun (indice de Jaccard), jusqu’à 1 à droite. La plus haute colonne en compte :',
    'Near duplicates by their likeness to the document kept: the part of the runs of words that both have in common (Jaccard index), up to 1 on the right. The highest column counts:',
  )} ${figure(most)}.</p>${columnChart(columns, { id: 'similarity', top: svgFigure(most) })}`;
}

/** A step of the likeness, in hundredths. */
function span(from: number, language: Language): string {
  return [from, from + 1].map((hundredths) => figureText(hundredths / 100, language, 2)).join('–');
}

function sizes({ sizes }: DuplicatesReport, id: string): Html {
  return html`<h3>${say('Taille des groupes', 'Size of the groups')}</h3>${dataTable(
    [say('Documents semblables', 'Documents alike'), say('Groupes', 'Groups')],
    sizes.map(({ from, to, clusters }) => ({
      name:
        to === null
          ? html`${figure(from)} ${say('et plus', 'and more')}`
          : from === to
            ? figure(from)
            : html`${figure(from)} – ${figure(to)}`,
      cells: [figure(clusters)],
    })),
    { labelledBy: id },
  )}`;
}

function between({ between }: DuplicatesReport, id: string): Html {
  return html`<details><summary>${say('Quelle source répète laquelle', 'Which source repeats which')}</summary>${dataTable(
    [
      say('Source du document écarté', 'Source of the document that fell'),
      { text: say('Source du document gardé', 'Source of the one that stays') },
      'Documents',
    ],
    between.map(({ source, survivor, documents }) => ({
      name: source,
      cells: [survivor, figure(documents)],
    })),
    { labelledBy: id },
  )}</details>`;
}

function cluster({ survivor, title, text, bytes: size, documents, members }: Cluster): Html {
  const more = documents - 1 - members.length;
  return html`<details class="rule"><summary>${figure(documents)} documents <span class="what">${title || survivor}</span></summary>
<p><span class="meta">${say('gardé :', 'kept:')} <code>${survivor}</code>${size ? html` · ${bytes(size)}` : ''}</span></p>
<ul class="samples"><li><blockquote>${text}${text ? '…' : ''}</blockquote></li></ul>
<ul class="meta">${members.map(
    ({ id, rule, similarity }) =>
      html`<li><code>${id}</code> · ${say(ruleName(rule).fr, ruleName(rule).en)} ${figure(similarity, 3)}</li>`,
  )}${more > 0 ? html`<li>${say('et', 'and')} ${figure(more)} ${say('autres', 'others')}</li>` : ''}</ul></details>`;
}
