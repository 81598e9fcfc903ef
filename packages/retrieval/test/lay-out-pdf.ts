import type { Block } from '../src/document.ts';
import type { PdfLine, PdfPage } from './write-pdf.ts';

/** Helvetica's widths from space to tilde, in thousandths of its size (Adobe's metrics of the standard fonts). */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const OTHERS: Readonly<Record<string, number>> = {
  '’': 222,
  '‘': 222,
  '“': 333,
  '”': 333,
  '…': 1000,
  '—': 1000,
  î: 278,
  ï: 278,
  œ: 944,
  Œ: 1000,
  æ: 889,
  Æ: 1000,
  '°': 400,
  '•': 350,
  '\u00a0': 278,
  '·': 278,
};

/** How wide Helvetica prints a text, in points; bold is taken as 7 % wider. */
export function textWidth(text: string, size: number, bold = false): number {
  let sum = 0;
  for (const char of text) {
    const plain = char.normalize('NFD').charCodeAt(0);
    sum += OTHERS[char] ?? WIDTHS[plain - 32] ?? 556;
  }
  return (sum / 1000) * size * (bold ? 1.07 : 1);
}

/** Words of a text on lines no wider than this. */
export function wrap(text: string, width: number, opts: { size?: number; bold?: boolean } = {}): string[] {
  const { size = 11, bold = false } = opts;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \n]+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size, bold) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}

export interface LayOutOptions {
  size?: number;
  /** Repeated at the top and bottom of each page. */
  header?: string;
  footer?: (page: number) => string;
  /** Begins a page before each of these blocks, by index. */
  breaks?: readonly number[];
}

const MARGIN = 64;
const [WIDTH, HEIGHT] = [595, 842];

/**
 * Blocks as a teacher's word processor prints them: on A4, bold larger headings, `•` lists, tables with rules
 * around their cells, space between paragraphs, a new page when one is full.
 */
export function layOutPdf(blocks: readonly Block[], options: LayOutOptions = {}): PdfPage[] {
  const size = options.size ?? 11;
  const pages: { lines: PdfLine[]; rules: [number, number, number, number][] }[] = [];
  let y = Number.POSITIVE_INFINITY;
  const room = (height: number): void => {
    if (y + height <= HEIGHT - MARGIN) return;
    pages.push({ lines: [], rules: [] });
    y = MARGIN;
  };
  const print = (text: string, x: number, line: number, bold = false): void => {
    room(line * 1.3);
    y += line * 1.3;
    pages.at(-1)!.lines.push({ text, x, y, size: line, bold });
  };
  blocks.forEach((block, index) => {
    if (options.breaks?.includes(index)) y = Number.POSITIVE_INFINITY;
    if (block.kind === 'heading') {
      const large = size + Math.max(1.5, 7 - 2 * (block.level ?? 1));
      room(large * 3 + size * 3);
      if (y > MARGIN) y += size;
      for (const line of wrap(block.text, WIDTH - 2 * MARGIN, { size: large, bold: true })) {
        print(line, MARGIN, large, true);
      }
      y += size * 0.5;
    } else if (block.kind === 'list') {
      for (const item of block.text.split('\n')) {
        const [, mark = '•', rest = item] = /^(?:- |(\d+[.)]) )?(.*)$/.exec(item)!;
        const lines = wrap(rest, WIDTH - 2 * MARGIN - 30, { size });
        lines.forEach((line, i) => {
          if (i === 0) {
            room(size * 1.3);
            pages.at(-1)!.lines.push({ text: mark, x: MARGIN + 12, y: y + size * 1.3, size });
          }
          print(line, MARGIN + 30, size);
        });
      }
      y += size * 0.8;
    } else if (block.kind === 'table') {
      printTable(block.text.split('\n').map((row) => row.split(' | ')));
      y += size * 1.2;
    } else {
      for (const line of wrap(block.text, WIDTH - 2 * MARGIN, { size })) print(line, MARGIN, size);
      y += size * 0.8;
    }
  });

  function printTable(rows: readonly string[][]): void {
    const columns = Math.max(...rows.map((row) => row.length));
    const width = (WIDTH - 2 * MARGIN) / columns;
    for (const [index, row] of rows.entries()) {
      const cells = row.map((cell) => wrap(cell, width - 12, { size, bold: index === 0 }));
      const height = Math.max(1, ...cells.map((lines) => lines.length)) * size * 1.25 + 6;
      room(height);
      const page = pages.at(-1)!;
      page.rules.push([MARGIN, y, WIDTH - MARGIN, y], [MARGIN, y + height, WIDTH - MARGIN, y + height]);
      for (let i = 0; i <= columns; i++)
        page.rules.push([MARGIN + i * width, y, MARGIN + i * width, y + height]);
      cells.forEach((lines, column) => {
        lines.forEach((text, i) => {
          const x = MARGIN + column * width + 6;
          page.lines.push({ text, x, y: y + 2 + (i + 1) * size * 1.25, size, bold: index === 0 });
        });
      });
      y += height;
    }
  }

  return pages.map((page, i) => {
    const lines = [...page.lines];
    if (options.header !== undefined)
      lines.unshift({ text: options.header, x: MARGIN, y: 36, size: size - 2 });
    const footer = options.footer?.(i + 1);
    if (footer !== undefined) lines.push({ text: footer, x: WIDTH / 2 - 20, y: HEIGHT - 30, size: size - 2 });
    return { lines, rules: page.rules };
  });
}
