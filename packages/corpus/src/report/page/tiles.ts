import { type Html, type HtmlPart, html } from '@lucie/ledger';
import { uses } from '../../licences.ts';
import type { CorpusReport } from '../corpus-report.ts';
import { shareOf } from './licences-section.ts';
import { bytes, estimate, figure, percent, say } from './say.ts';

/** What one wants to know first. */
export function tiles(report: CorpusReport): Html {
  const { documents, heldOut, read } = report;
  const commercial = shareOf(report, uses.commercial);
  const dates = report.sources.map((source) => source.dates);
  const first = dates
    .map((one) => one.first)
    .filter(Boolean)
    .sort()[0];
  const last = dates
    .map((one) => one.last)
    .filter(Boolean)
    .sort()
    .at(-1);
  const all: [value: HtmlPart, name: HtmlPart][] = [
    [figure(documents.documents), say('documents pour l’entraînement', 'documents to train on')],
    [bytes(documents.bytes), say('de texte', 'of text')],
    [
      estimate(report.tokens),
      say('jetons environ (mots ou morceaux de mots)', 'tokens, estimated (words or pieces of words)'),
    ],
    [
      percent(read.documents === 0 ? 0 : documents.documents / read.documents),
      say('des documents lus sont gardés pour l’entraînement', 'of the documents read are kept to train on'),
    ],
    [
      figure(heldOut.documents),
      say(
        'mis de côté : jamais appris, ils servent à mesurer',
        'held out: never learnt from, they serve to measure',
      ),
    ],
    [percent(commercial), say('du texte permet un usage commercial', 'of the text allows commercial use')],
    [
      first && last ? html`<span class="nowrap">${first.slice(0, 4)} – ${last.slice(0, 4)}</span>` : '–',
      say('années des textes datés', 'years of the dated texts'),
    ],
    [figure(report.sources.length), say('sources', 'sources')],
  ];
  return html`<dl class="tiles">${all.map(([value, name]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
