import type { Segment } from './mark-text.ts';

/** The parts of a text between separators, each with where it stands: lines of a list, cells of a row. */
export function pieces(text: string, separator: string): Omit<Segment, 'marked'>[] {
  let at = 0;
  return text.split(separator).map((piece) => {
    const start = at;
    at += piece.length + separator.length;
    return { text: piece, start, end: start + piece.length };
  });
}
