import { type Html, html } from '@lucie/ledger';
import type { CorpusReport } from '../corpus-report.ts';
import { type Column, columnChart } from './charts.ts';
import { bytes, bytesText, percent, say, sayInSvg } from './say.ts';
import type { Section } from './section.ts';

/** More years than this are shown by decade: columns would be hairs. */
const YEARS = 60;

/** How old the texts are. */
export function yearsSection(report: CorpusReport): Section {
  const id = 'years';
  const undated = report.years['']?.share ?? 0;
  const dated = Object.entries(report.years).flatMap(([year, { bytes }]) =>
    year === '' ? [] : [{ year: Number(year), bytes }],
  );
  const body =
    dated.length === 0
      ? html`<p>${say('Aucun document ne porte de date.', 'No document carries a date.')}</p>`
      : html`<p>${say('La moitié du texte daté est de', 'Half of the dated text is from')} <strong>${median(dated)}</strong> ${say('ou après.', 'or later.')} ${
          undated === 0
            ? say('Tout le texte est daté.', 'All of the text is dated.')
            : html`${percent(undated)} ${say('du texte ne porte pas de date.', 'of the text carries no date.')}`
        } ${say(
          'La date est celle que porte le texte (parution ou dernière mise à jour) ; quand il n’en porte pas, celle de son paquet ou de sa liste, si on la connaît, en tient lieu. Ce n’est jamais le jour où il a été lu ici : de ce qui vient après la dernière, le modèle ne sait rien.',
          'The date is the one that the text bears (publication or last change); where it bears none, the date of its package or list, if known, stands for it. It is never the day on which it was read here: of what came after the last one, the model knows nothing.',
        )}</p>${chart(dated, id)}`;
  return { id, title: say('De quand datent les textes', 'How old the texts are'), body };
}

interface Dated {
  year: number;
  bytes: number;
}

function chart(dated: readonly Dated[], id: string): Html {
  const first = Math.min(...dated.map(({ year }) => year));
  const last = Math.max(...dated.map(({ year }) => year));
  const step = last - first < YEARS ? 1 : last - first < 10 * YEARS ? 10 : 100;
  const sums = new Map<number, number>();
  for (const { year, bytes } of dated) {
    const from = Math.floor(year / step) * step;
    sums.set(from, (sums.get(from) ?? 0) + bytes);
  }
  const columns: Column[] = [];
  for (let from = Math.floor(first / step) * step; from <= last; from += step) {
    const value = sums.get(from) ?? 0;
    const name = step === 1 ? String(from) : `${from}–${from + step - 1}`;
    columns.push({
      name: String(from),
      value,
      title: `${name} : ${bytesText(value, 'fr')} · ${bytesText(value, 'en')}`,
    });
  }
  const most = Math.max(...columns.map(({ value }) => value));
  return html`${columnChart(columns, { id, top: sayInSvg(bytesText(most, 'fr'), bytesText(most, 'en')) })}<p class="meta">${
    step === 1
      ? say('Texte par année.', 'Text by year.')
      : say(`Texte par tranche de ${step} ans.`, `Text by spans of ${step} years.`)
  } ${say('La plus haute colonne :', 'The highest column:')} ${bytes(most)}.</p>`;
}

function median(dated: readonly Dated[]): number {
  const half = dated.reduce((sum, { bytes }) => sum + bytes, 0) / 2;
  let later = 0;
  for (const { year, bytes } of dated.toSorted((a, b) => b.year - a.year)) {
    later += bytes;
    if (later >= half) return year;
  }
  return dated[0]!.year;
}
