import { type Html, html } from '@lucie/ledger';
import type { Estimate } from '../bootstrap.ts';
import { decimal, percent } from './say.ts';

const WIDTH = 760;
const LABELS = 215;
const RIGHT = WIDTH - 70;

function frame(height: number, title: string, body: Html): Html {
  return html`<div class="plot" tabindex="0" role="group" aria-label="${title}"><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">${body}</svg></div>`;
}

/** Groups of horizontal bars from zero, a whisker for the interval where there is one. */
export function barChart(
  title: string,
  groups: { name: string; bars: { kind: string; value: number; low?: number; high?: number }[] }[],
): Html {
  const largest = Math.max(...groups.flatMap(({ bars }) => bars.map((bar) => bar.high ?? bar.value)));
  const x = (value: number) => LABELS + ((RIGHT - LABELS) * value) / largest;
  const [thick, gap] = [13, 16];
  let y = 8;
  const body = groups.map(({ name, bars }) => {
    const top = y;
    y += bars.length * thick + gap;
    return html`<text class="name" x="${LABELS - 12}" y="${top + (bars.length * thick) / 2 + 4}" text-anchor="end">${name}</text>${bars.map(
      (bar, i) => {
        const at = top + i * thick;
        const whisker =
          bar.low === undefined || bar.high === undefined
            ? ''
            : html`<path class="whisker" d="M${x(bar.low).toFixed(1)} ${at + 5.5}H${x(bar.high).toFixed(1)}"/>`;
        return html`<rect class="${bar.kind}" x="${LABELS}" y="${at}" width="${(x(bar.value) - LABELS).toFixed(1)}" height="${thick - 2}" rx="2"/>${whisker}<text class="value" x="${(x(bar.high ?? bar.value) + 6).toFixed(1)}" y="${at + 9.5}">${decimal(bar.value, 2)}</text>`;
      },
    )}`;
  });
  return frame(y, title, html`${body}`);
}

/** One dot with its interval per row, on a scale from 0 to 100 %, chance as a dashed line. */
export function intervalChart(
  title: string,
  rows: { name: string; estimate: Estimate }[],
  opts: { chance: number },
): Html {
  const x = (value: number) => (LABELS + (RIGHT - LABELS) * value).toFixed(1);
  const pitch = 24;
  const height = rows.length * pitch + 40;
  const bottom = height - 26;
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) =>
      html`<path class="${tick === opts.chance ? 'chance' : 'grid'}" d="M${x(tick)} 6V${bottom}"/><text class="tick" x="${x(tick)}" y="${bottom + 18}" text-anchor="middle">${percent(tick)}</text>`,
  );
  const dots = rows.map(({ name, estimate }, i) => {
    const y = 20 + i * pitch;
    return html`<text class="name" x="${LABELS - 12}" y="${y + 4}" text-anchor="end">${name}</text><path class="interval" d="M${x(estimate.low)} ${y}H${x(estimate.high)}"/><circle class="dot" cx="${x(estimate.value)}" cy="${y}" r="5"/><text class="value" x="${RIGHT + 16}" y="${y + 4}">${percent(estimate.value)}</text>`;
  });
  return frame(height, title, html`${grid}${dots}`);
}

/** A curve of two points or more over training steps; more than 300 are averaged in equal bins. */
export function lineChart(
  title: string,
  points: { x: number; y: number }[],
  opts: { xLabel: string; yLabel: string },
): Html {
  const binned = bin(points, 300);
  const [left, right, top, bottom] = [48, WIDTH - 16, 22, 238];
  const first = points[0]!.x;
  const last = points.at(-1)!.x;
  const ys = binned.map((point) => point.y);
  const ticks = roundTicks(Math.min(...ys), Math.max(...ys));
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  // As many as it takes to tell one tick from the next.
  const digits = Math.max(0, Math.ceil(-Math.log10(ticks[1]! - low) - 1e-9));
  const x = (value: number) => left + ((right - left) * (value - first)) / (last - first || 1);
  const y = (value: number) => bottom - ((bottom - top) * (value - low)) / (high - low || 1);
  const grid = ticks.map(
    (tick) =>
      html`<path class="grid" d="M${left} ${y(tick).toFixed(1)}H${right}"/><text class="tick" x="${left - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${decimal(tick, digits)}</text>`,
  );
  const path = binned
    .map((point, i) => `${i ? 'L' : 'M'}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`)
    .join('');
  return frame(
    bottom + 44,
    title,
    html`<text class="tick" x="${left - 40}" y="12">${opts.yLabel}</text>${grid}<path class="line" d="${path}"/><text class="tick" x="${left}" y="${bottom + 20}">${first}</text><text class="tick" x="${right}" y="${bottom + 20}" text-anchor="end">${last}</text><text class="tick" x="${(left + right) / 2}" y="${bottom + 36}" text-anchor="middle">${opts.xLabel}</text>`,
  );
}

function bin(points: { x: number; y: number }[], most: number): { x: number; y: number }[] {
  const size = Math.ceil(points.length / most);
  const binned: { x: number; y: number }[] = [];
  for (let at = 0; at < points.length; at += size) {
    const slice = points.slice(at, at + size);
    const mean = (pick: (point: { x: number; y: number }) => number) =>
      slice.reduce((sum, point) => sum + pick(point), 0) / slice.length;
    binned.push({ x: mean((point) => point.x), y: mean((point) => point.y) });
  }
  return binned;
}

/** Three to seven round values that enclose [low, high]. */
function roundTicks(low: number, high: number): number[] {
  const span = high - low || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= 5)!;
  const ticks: number[] = [];
  for (let i = Math.floor(low / step); i <= Math.ceil(high / step); i++)
    ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}
