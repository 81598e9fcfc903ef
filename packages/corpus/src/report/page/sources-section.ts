import { type Html, html } from '@lucie/ledger';
import { licences } from '../../licences.ts';
import type { CorpusReport, SourceReport } from '../corpus-report.ts';
import { languageName } from '../language-name.ts';
import { bar } from './charts.ts';
import { bytes, figure, inBoth, percent, say } from './say.ts';
import { dataTable, type Section } from './section.ts';

/** Where the texts come from, and what could not be had. */
export function sourcesSection(report: CorpusReport): Section {
  const id = 'sources';
  const most = Math.max(...report.sources.map(({ share }) => share), 1e-9);
  const rows = report.sources
    .toSorted((a, b) => b.share - a.share || (a.source < b.source ? -1 : 1))
    .map((source) => ({
      name: html`${source.source}<span class="what">${inBoth((language) => source.languages.map((code) => languageName(code, language)).join(', '))}</span>`,
      bar: bar([{ from: 0, to: source.share / most, kind: 'kept' }]),
      cells: [
        percent(source.share),
        bytes(source.kept.bytes),
        figure(source.kept.documents),
        percent(source.read.documents === 0 ? 0 : source.kept.documents / source.read.documents),
        html`<span class="nowrap">${years(source)}</span>`,
      ],
    }));
  return {
    id,
    title: say('D’où viennent les textes', 'Where the texts come from'),
    body: html`${dataTable(
      [
        'Source',
        say('des octets', 'of the bytes'),
        say('Texte', 'Text'),
        'Documents',
        say('gardés des lus', 'kept of those read'),
        { text: 'Dates' },
      ],
      rows,
      { labelledBy: id, wide: true },
    )}${absent(report)}<details><summary>${say('Origine, mention et licence de chaque source', 'Origin, attribution and licence of each source')}</summary>${dataTable(
      [
        'Source',
        { text: say('Mention', 'Attribution') },
        { text: say('Licences du texte', 'Licences of the text') },
        { text: say('Origine', 'Origin') },
      ],
      report.sources.map((source) => ({
        name: source.source,
        cells: [
          html`${/^https?:/.test(source.homepage) ? html`<a href="${source.homepage}" rel="noreferrer">${source.attribution || source.homepage}</a>` : source.attribution}`,
          source.licences.map(
            (licence, i) =>
              html`${i ? ', ' : ''}<span title="${licences[licence]?.name ?? ''}">${licence}</span>`,
          ),
          Object.entries(source.origin).map(
            ([key, value]) => html`<span class="what">${originName(key)} <code>${short(value)}</code></span>`,
          ),
        ],
      })),
      { labelledBy: id, wide: true },
    )}</details>`,
  };
}

/** What a source's origin says of it, by the names that sources give. */
const originNames: Readonly<Record<string, { fr: string; en: string }>> = {
  package: { fr: 'paquet', en: 'package' },
  version: { fr: 'version', en: 'version' },
  integrity: { fr: 'empreinte', en: 'hash' },
  debian: { fr: 'paquet Debian', en: 'Debian package' },
  sha256: { fr: 'empreinte', en: 'hash' },
  hub: { fr: 'jeu de données', en: 'data set' },
  revision: { fr: 'révision', en: 'revision' },
  include: { fr: 'fichiers retenus', en: 'files taken' },
  local: { fr: 'fichiers', en: 'files' },
};

function originName(key: string): Html {
  const known = Object.hasOwn(originNames, key) ? originNames[key] : undefined;
  return known ? say(known.fr, known.en) : html`${key}`;
}

function years({ dates }: SourceReport): Html {
  const [first, last] = [dates.first.slice(0, 4), dates.last.slice(0, 4)];
  if (first === '') return say('sans date', 'undated');
  return html`${first === last ? first : `${first} – ${last}`}`;
}

function absent(report: CorpusReport): Html | string {
  if (report.absent.length === 0) return '';
  return html`<div class="note"><h3>${say('Absentes', 'Absent')}</h3><p>${say(
    'La recette les nomme, elles ne sont pas dans ce corpus :',
    'The recipe names them, they are not in this corpus:',
  )}</p><ul>${report.absent.map(({ source, why }) => html`<li><strong>${source}</strong> – <span lang="en">${why}</span></li>`)}</ul></div>`;
}

/** Hashes are recognised by their beginning; the whole stands in report.json. */
function short(value: string): string {
  return value.length > 40 ? `${value.slice(0, 32)}…` : value;
}
