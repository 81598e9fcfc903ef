import type { Line } from './lines.ts';

/** Where headers and footers stand: this share of the page's height at its top and at its bottom. */
const MARGIN = 0.12;
/** They repeat on more than this share of the pages that have text. */
const MOST = 0.5;

/** A page for this purpose. */
export interface RunningPage {
  page: number;
  height: number;
  lines: readonly Line[];
}

/**
 * Headers, footers and page numbers: lines in the margins that stand at the same height with the same words on most
 * pages, but for the page's own number. Lines in larger print than the text are headings, whatever they repeat.
 * @param body - size of the text.
 */
export function runningLines(pages: readonly RunningPage[], body: number): Set<Line> {
  const found = new Set<Line>();
  const groups = new Map<string, Line[]>();
  let filled = 0;
  for (const { page, height, lines } of pages) {
    if (lines.length > 0) filled++;
    const keys = new Set<string>();
    for (const line of lines) {
      if (line.table || line.size > 1.1 * body || !inMargin(line, height)) continue;
      if (isPageNumber(line.text, page)) {
        add(`number ${place(line, height)}`, line);
        continue;
      }
      for (const text of [line.text, withoutNumber(line.text, page)]) {
        const key = `${place(line, height)} ${text.toLowerCase().replace(/\s+/g, ' ')}`;
        if (keys.has(key)) continue;
        keys.add(key);
        add(key, line);
      }
    }
  }
  for (const [key, lines] of groups) {
    const number = key.startsWith('number ');
    if (lines.length >= (number ? 2 : 3) && lines.length > MOST * filled)
      for (const line of lines) found.add(line);
  }
  return found;

  function add(key: string, line: Line): void {
    const group = groups.get(key);
    if (group) group.push(line);
    else groups.set(key, [line]);
  }
}

function inMargin(line: Line, height: number): boolean {
  return line.y1 < MARGIN * height || line.y0 > (1 - MARGIN) * height;
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
