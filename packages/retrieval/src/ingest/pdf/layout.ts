import { type Line, makeLines } from './lines.ts';
import { type Paragraph, toParagraphs } from './paragraphs.ts';
import type { Rule, Word } from './print.ts';
import { type Piece, readingOrder } from './reading-order.ts';
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

/** Paragraphs and tables of a page's lines, in reading order. */
export function layOut(lines: readonly Line[]): Part[] {
  return readingOrder(lines).flatMap((piece): Part[] => (piece.kind === 'table' ? [piece] : partsOf(piece)));
}

function partsOf(piece: Extract<Piece, { kind: 'lines' }>): Part[] {
  return toParagraphs(piece.lines).map((paragraph): Part => {
    const table = paragraph.lines[0]!.table;
    return table ? { kind: 'table', rows: table } : { kind: 'paragraph', paragraph };
  });
}
