import { type Line, makeLines } from './lines.ts';
import { type Paragraph, toParagraphs } from './paragraphs.ts';
import type { Rule, Word } from './print.ts';
import { type Piece, readingOrder } from './reading-order.ts';
import type { Rectangle } from './rectangle.ts';
import { takeRuledTables } from './ruled-tables.ts';

/** A paragraph or a table, in reading order. */
export type Part =
  | { kind: 'paragraph'; paragraph: Paragraph }
  | { kind: 'table'; rows: readonly (readonly (readonly Line[])[])[] };

/** Lines of a page's words, and its ruled tables, before they are put in order. */
export function pageLines(words: readonly Word[], rules: readonly Rule[]): Line[] {
  const { words: rest, tables } = takeRuledTables(words, rules);
  const lines = makeLines(rest);
  for (const table of tables) {
    const below = lines.findIndex((line) => line.y > table.y);
    lines.splice(below < 0 ? lines.length : below, 0, table);
  }
  return lines;
}

/** Bullets that are drawn become words, so that their lines are items of a list. */
export function withBullets(words: readonly Word[], dots: readonly Rectangle[]): Word[] {
  const bullets: Word[] = [];
  for (const dot of dots) {
    const middle = (dot.y0 + dot.y1) / 2;
    const beside = words.filter((word) => middle < word.y && middle > word.y - 0.75 * word.size);
    // The first word of its line, and near.
    const next = beside.reduce<Word | undefined>(
      (a, b) => (b.x0 > dot.x1 && (!a || b.x0 < a.x0) ? b : a),
      undefined,
    );
    const before = beside.some((word) => word.x1 <= dot.x0 && dot.x0 - word.x1 < 3 * word.size);
    if (!next || before || next.x0 - dot.x1 > 2 * next.size) continue;
    const { y, size } = next;
    bullets.push({
      text: '•',
      x0: Math.max(dot.x0, next.x0 - 0.8 * size),
      x1: Math.max(dot.x1, next.x0 - 0.4 * size),
      y,
      size,
      bold: false,
      spaced: true,
      angle: 0,
    });
  }
  return bullets.length > 0 ? [...words, ...bullets] : [...words];
}

/** Paragraphs and tables of a page's lines, in reading order. */
export function layOut(lines: readonly Line[]): Part[] {
  const parts: Part[] = [];
  for (const part of readingOrder(lines).flatMap((piece): Part[] =>
    piece.kind === 'table' ? [piece] : partsOf(piece),
  )) {
    const last = parts.at(-1);
    if (
      last?.kind === 'paragraph' &&
      part.kind === 'paragraph' &&
      goesOnInNextColumn(last.paragraph, part.paragraph)
    ) {
      last.paragraph.lines.push(...part.paragraph.lines);
    } else parts.push(part);
  }
  return parts;
}

/** A sentence that goes on at the top of the next column. */
function goesOnInNextColumn(above: Paragraph, next: Paragraph): boolean {
  const [end, begin] = [above.lines.at(-1)!, next.lines[0]!];
  return (
    begin.y < end.y &&
    begin.x0 > end.x0 &&
    !next.marker &&
    Math.abs(begin.size - end.size) < 0.08 * end.size &&
    begin.bold === end.bold &&
    /^\p{Ll}/u.test(begin.text) &&
    !/[.!?:;…]$/.test(end.text)
  );
}

function partsOf(piece: Extract<Piece, { kind: 'lines' }>): Part[] {
  return toParagraphs(piece.lines).map((paragraph): Part => {
    const table = paragraph.lines[0]!.table;
    return table ? { kind: 'table', rows: table } : { kind: 'paragraph', paragraph };
  });
}
