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

const WIDTH = 760;
const HEIGHT = 200;
const LEFT = 8;
const BOTTOM = HEIGHT - 30;
const TOP = 22;

export interface Column {
  /** Under the column, where there is room. */
  name: string;
  value: number;
  /** What the pointer shows: the exact figure. */
  title: string;
}

/** Columns from zero, the highest with its value, names under as many as there is room for. */
export function columnChart(columns: readonly Column[], opts: { id: string; top: HtmlPart }): Html {
  const largest = Math.max(...columns.map(({ value }) => value), 1);
  const pitch = (WIDTH - 2 * LEFT) / columns.length;
  const width = Math.min(pitch * 0.82, 46);
  const every = Math.ceil(52 / pitch);
  const highest = columns.findIndex(({ value }) => value === largest);
  const body = columns.map(({ name, value, title }, i) => {
    const middle = LEFT + pitch * (i + 0.5);
    const height = value === 0 ? 0 : Math.max(((BOTTOM - TOP) * value) / largest, 1.5);
    const tick =
      i % every === 0
        ? html`<text x="${middle.toFixed(1)}" y="${BOTTOM + 18}" text-anchor="middle">${name}</text>`
        : '';
    return html`<rect class="kept" x="${(middle - width / 2).toFixed(1)}" y="${(BOTTOM - height).toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}"><title>${title}</title></rect>${tick}`;
  });
  const at = Math.min(Math.max(LEFT + pitch * (highest + 0.5), 60), WIDTH - 60);
  return html`<div class="plot" tabindex="0" role="group" aria-labelledby="${opts.id}"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${opts.id}"><path class="axis" d="M${LEFT} ${BOTTOM}H${WIDTH - LEFT}"/>${body}<text x="${at.toFixed(1)}" y="14" text-anchor="middle">${opts.top}</text></svg></div>`;
}

/** A number inside an SVG's text. */
export function svgFigure(value: number): Html {
  return sayInSvg(figureText(value, 'fr'), figureText(value, 'en'));
}
