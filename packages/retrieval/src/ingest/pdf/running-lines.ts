import type { Line } from './lines.ts';

/** Where headers and footers stand: this share of the page's height at its top and at its bottom. */
const MARGIN = 0.12;
/** They stand on more than this share of the pages from their first to their last: chapters and left pages have their own. */
const MOST = 0.5;

/** A page for this purpose. */
export interface RunningPage {
  page: number;
  height: number;
  lines: readonly Line[];
}

/**
 * Headers, footers and page numbers: lines in the margins that stand at the same height with the same words on page
 * after page, but for the page's own number. Lines in larger print than the text are headings, whatever they repeat.
 * @param body - size of the text.
 */
export function runningLines(pages: readonly RunningPage[], body: number): Set<Line> {
  const found = new Set<Line>();
  const groups = new Map<string, { line: Line; page: number }[]>();
  for (const { page, height, lines } of pages) {
    const keys = new Set<string>();
    for (const line of apart(lines, height)) {
      if (line.table || line.size > 1.1 * body) continue;
      if (isPageNumber(line.text, page)) {
        add(`number ${place(line, height)}`, line, page);
        continue;
      }
      for (const text of [line.text, withoutNumber(line.text, page)]) {
        const key = `${place(line, height)} ${text.toLowerCase().replace(/\s+/g, ' ')}`;
        if (keys.has(key)) continue;
        keys.add(key);
        add(key, line, page);
      }
    }
  }
  for (const [key, places] of groups) {
    const span = places.at(-1)!.page - places[0]!.page + 1;
    const least = key.startsWith('number ') ? 2 : 3;
    if (places.length >= least && places.length > MOST * span) for (const { line } of places) found.add(line);
  }
  return found;

  function add(key: string, line: Line, page: number): void {
    const group = groups.get(key);
    if (group) group.push({ line, page });
    else groups.set(key, [{ line, page }]);
  }
}

/** Lines in the margins with space between them and the text: at most three below one another. */
function apart(lines: readonly Line[], height: number): Line[] {
  const fromAbove = [...lines].sort((a, b) => a.y - b.y);
  const top = outermost(fromAbove.filter((line) => line.y1 < 0.5 * height));
  const bottom = outermost(fromAbove.filter((line) => line.y0 > 0.5 * height).reverse());
  return [
    ...top.filter((line) => line.y1 < MARGIN * height),
    ...bottom.filter((line) => line.y0 > (1 - MARGIN) * height),
  ];
}

/** @param lines - from a page's edge inwards. */
function outermost(lines: readonly Line[]): Line[] {
  const kept: Line[] = [];
  const levels: number[] = [];
  for (const line of lines) {
    const last = kept.at(-1);
    const space = last ? Math.max(line.y0 - last.y1, last.y0 - line.y1) : 0;
    if (last && space > 0.7 * line.size) return kept;
    if (!last || Math.abs(line.y - last.y) > 0.3 * line.size) levels.push(line.y);
    if (levels.length > 3) return [];
    kept.push(line);
  }
  return kept;
}

/** The height on the page, in steps that forgive a point or two; left and right pages share it. */
function place(line: Line, height: number): string {
  return `${Math.round((line.y / height) * 60)}`;
}

/** `3`, `iv`, `- 3 -`, `Page 3`, `3/12`, `page 3 sur 12`. Printed numbers may differ from counted ones (a cover, a preface). */
function isPageNumber(text: string, page: number): boolean {
  if (/^[ivxl]{1,7}$/.test(text)) return true;
  const match = /^[\s–—-]*(?:page|p\.)?\s*(\d{1,4})\s*(?:(?:\/|sur|of|de)\s*\d{1,4})?[\s–—-]*$/i.exec(text);
  return match !== null && Math.abs(Number(match[1]) - page) <= 20;
}

function withoutNumber(text: string, page: number): string {
  return text.replace(new RegExp(`(?<!\\d)${page}(?!\\d)`), '#');
}
