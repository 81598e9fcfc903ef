import { type Html, html } from '@lucie/ledger';
import type { Amount } from '../../funnel.ts';
import type { CorpusReport } from '../corpus-report.ts';
import { ruleName } from '../rule-names.ts';
import { bar } from './charts.ts';
import { bytes, figure, percent, say } from './say.ts';
import { dataTable, type Section } from './section.ts';

/** What was thrown away and why: each rule takes its part, what is left goes on to the next. */
export function funnelSection(report: CorpusReport): Section {
  const id = 'funnel';
  const { read, heldOut, documents } = report;
  const all = Math.max(read.documents, 1);
  let left = read.documents;
  const row = (name: Html, amount: Amount, kind: 'kept' | 'held' | 'gone', sum = false) => {
    const to = left;
    left -= amount.documents;
    return {
      sum,
      name,
      bar: bar([{ from: left / all, to: to / all, kind }]),
      cells: [figure(amount.documents), percent(amount.documents / all), bytes(amount.bytes)],
    };
  };
  const rules = report.rules.filter(({ removed }) => removed.documents > 0);
  const idle = report.rules.filter(
    ({ removed, changed }) => removed.documents === 0 && changed.documents === 0,
  );
  const rows = [
    {
      sum: true,
      name: say('Lus', 'Read'),
      bar: bar([{ from: 0, to: read.documents / all, kind: 'held' }]),
      cells: [figure(read.documents), percent(read.documents === 0 ? 0 : 1), bytes(read.bytes)],
    },
    ...rules.map(({ rule, removed }) => row(ruleLabel(rule), removed, 'gone')),
    row(
      html`${say('Mis de côté', 'Held out')}<span class="what">${say('pour mesurer le modèle sur des textes qu’il n’a pas lus', 'to measure the model on text that it has not read')}</span>`,
      heldOut,
      'held',
    ),
    row(say('Gardés pour l’entraînement', 'Kept to train on'), documents, 'kept', true),
  ];
  return {
    id,
    title: say('Ce qui a été écarté, et pourquoi', 'What was thrown away, and why'),
    body: html`<p>${say(
      'Les documents passent les règles l’une après l’autre. Chaque barre orange est ce qu’une règle retire ; ce qui reste passe à la suivante. Rien n’est effacé en silence : les documents écartés sont gardés à part avec la règle et ce qu’elle a mesuré.',
      'Documents pass the rules one after the other. Each orange bar is what a rule takes out; what is left goes on to the next. Nothing vanishes silently: documents thrown away are kept aside with the rule and what it measured.',
    )}</p>
${dataTable(
  [say('Étape', 'Step'), 'Documents', say('des lus', 'of those read'), say('Texte', 'Text')],
  rows,
  { labelledBy: id },
)}
${idle.length ? html`<p class="meta">${say('Règles qui n’ont rien retiré :', 'Rules that took nothing:')} ${list(idle.map(({ rule }) => say(ruleName(rule).fr, ruleName(rule).en)))}</p>` : ''}
${balance(report)}
${changes(report, id)}
${bySource(report, id)}`,
  };
}

function ruleLabel(rule: string): Html {
  const { fr, en, why } = ruleName(rule);
  const name = html`<a href="#${sampleAnchor(rule)}">${say(fr, en)}</a>`;
  return why.fr === '' ? name : html`${name}<span class="what">${say(why.fr, why.en)}</span>`;
}

/** Where the samples of a rule stand: inside the fold, which a link to it opens. */
export function sampleAnchor(rule: string): string {
  return `rule-${rule.replace(/[^a-z0-9-]+/g, '-')}`;
}

/** Says that the counts add up, or by how much they do not. */
function balance(report: CorpusReport): Html {
  const wrong = report.sources.filter(
    ({ unaccounted }) => unaccounted.documents !== 0 || unaccounted.bytes !== 0,
  );
  if (wrong.length === 0) {
    return html`<p><span class="yes">✓ ${say('Le compte y est', 'It adds up')}</span> ${say(
      'lus = écartés + mis de côté + gardés, pour chaque source, au document et à l’octet près.',
      'read = thrown away + held out + kept, for every source, to the document and the byte.',
    )}</p>`;
  }
  return html`<p><span class="no">✗ ${say('Le compte n’y est pas', 'It does not add up')}</span></p><ul>${wrong.map(
    ({ source, unaccounted }) =>
      html`<li><code>${source}</code> : ${figure(unaccounted.documents)} documents, ${figure(unaccounted.bytes)} ${say('octets inexpliqués', 'bytes unexplained')}</li>`,
  )}</ul>`;
}

function changes(report: CorpusReport, id: string): Html | string {
  const rules = report.rules.filter(({ changed }) => changed.documents > 0);
  if (rules.length === 0) return '';
  return html`<h3>${say('Retouché, mais gardé', 'Changed, yet kept')}</h3><p>${say(
    'Ces règles enlèvent ou remplacent une partie du texte sans écarter le document. Un nombre négatif : du texte a été ajouté.',
    'These rules take out or replace a part of the text and keep the document. A negative number: text was added.',
  )}</p>${dataTable(
    [
      say('Règle', 'Rule'),
      say('Documents touchés', 'Documents touched'),
      say('Texte enlevé', 'Text taken out'),
    ],
    rules.map(({ rule, changed }) => ({
      name: say(ruleName(rule).fr, ruleName(rule).en),
      cells: [figure(changed.documents), bytes(changed.bytes)],
    })),
    { labelledBy: id },
  )}`;
}

function bySource(report: CorpusReport, id: string): Html {
  const rules = report.rules.filter(({ removed }) => removed.documents > 0).map(({ rule }) => rule);
  return html`<details><summary>${say('Le même, source par source', 'The same, source by source')}</summary>${dataTable(
    [
      'Source',
      say('lus', 'read'),
      ...rules.map((rule) => say(ruleName(rule).fr, ruleName(rule).en)),
      say('mis de côté', 'held out'),
      say('gardés', 'kept'),
    ],
    report.sources.map((source) => ({
      name: source.source,
      cells: [
        figure(source.read.documents),
        ...rules.map((rule) => figure(source.removed[rule]?.documents ?? 0)),
        figure(source.heldOut.documents),
        figure(source.kept.documents),
      ],
    })),
    { labelledBy: id, wide: true },
  )}</details>`;
}

function list(parts: readonly Html[]): Html {
  return html`${parts.map((part, i) => (i === 0 ? part : html`, ${part}`))}`;
}
