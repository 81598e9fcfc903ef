import type { Segment } from './mark-text.ts';

/** A quote for people, also of a table's row: without the bars that stand between cells. */
export function shownQuote(quote: string): string {
  return quote.replaceAll(' | ', ' · ');
}

/** The parts of a text between separators, each with where it stands: lines of a list, cells of a row. */
export function pieces(text: string, separator: string): Omit<Segment, 'marked'>[] {
  let at = 0;
  return text.split(separator).map((piece) => {
    const start = at;
    at += piece.length + separator.length;
    return { text: piece, start, end: start + piece.length };
  });
}
