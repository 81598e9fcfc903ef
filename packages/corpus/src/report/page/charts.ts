import { type Html, type HtmlPart, html } from '@lucie/ledger';
import { figureText, sayInSvg } from './say.ts';

/**
 * A bar inside a table's row: the figures stand in the cells beside it, so it is hidden from readers who listen.
 * @param bars - parts of the whole width, from `from` to `to` in [0, 1]
 */
export function bar(bars: readonly { from: number; to: number; kind: 'kept' | 'held' | 'gone' }[]): Html {
  const parts = bars.map(({ from, to, kind }) => {
    // What is there is seen, however little.
    const width = Math.max(100 * (to - from), to > from ? 0.6 : 0);
    const x = Math.min(100 * from, 100 - width);
    return html`<rect class="${kind}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="10"/>`;
  });
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" x="0" y="0" width="100" height="10"/>${parts}</svg>`;
}

/** In pixels; widths are parts of the whole, so that a phone shows every column and text keeps its size. */
const HEIGHT = 200;
const BOTTOM = HEIGHT - 30;
const TOP = 22;

export interface Column {
  /** Under the column, where there is room. */
  name: HtmlPart;
  value: number;
  /** What the pointer shows: the exact figure. */
  title: string;
}

/** Names for which there is room beside each other: on a phone and on a desk. */
const ROOM = { narrow: 6, wide: 12 } as const;

/** Columns from zero, the highest with its value, names under as many as there is room for: the last always. */
export function columnChart(columns: readonly Column[], opts: { id: string; top: HtmlPart }): Html {
  const largest = Math.max(...columns.map(({ value }) => value), 1);
  const pitch = 100 / columns.length;
  const width = Math.min(pitch * 0.82, 6);
  const every = Math.ceil(columns.length / ROOM.wide);
  const everyNarrow = every * Math.ceil(columns.length / every / ROOM.narrow);
  const highest = columns.findIndex(({ value }) => value === largest);
  const body = columns.map(({ name, value, title }, i) => {
    const middle = pitch * (i + 0.5);
    const height = value === 0 ? 0 : Math.max(((BOTTOM - TOP) * value) / largest, 1.5);
    const fromEnd = columns.length - 1 - i;
    const tick =
      fromEnd % every === 0
        ? html`<text${fromEnd % everyNarrow === 0 ? '' : html` class="roomy"`} y="${BOTTOM + 18}" ${anchored(middle, width)}>${name}</text>`
        : '';
    return html`<rect class="kept" x="${(middle - width / 2).toFixed(2)}%" y="${(BOTTOM - height).toFixed(1)}" width="${width.toFixed(2)}%" height="${height.toFixed(1)}"><title>${title}</title></rect>${tick}`;
  });
  return html`<div class="plot"><svg width="100%" height="${HEIGHT}" role="img" aria-labelledby="${opts.id}"><line class="axis" x1="0" x2="100%" y1="${BOTTOM}" y2="${BOTTOM}"/>${body}<text y="14" ${anchored(pitch * (highest + 0.5), width)}>${opts.top}</text></svg></div>`;
}

/** Text over or under a column, in per cent of the width; near an edge it begins or ends with its column. */
function anchored(middle: number, width: number): Html {
  if (middle < 8) return html`x="${(middle - width / 2).toFixed(2)}%" text-anchor="start"`;
  if (middle > 92) return html`x="${(middle + width / 2).toFixed(2)}%" text-anchor="end"`;
  return html`x="${middle.toFixed(2)}%" text-anchor="middle"`;
}

/** A number inside an SVG's text. */
export function svgFigure(value: number, digits = 0): Html {
  return sayInSvg(figureText(value, 'fr', digits), figureText(value, 'en', digits));
}
