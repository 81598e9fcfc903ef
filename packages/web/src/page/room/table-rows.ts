import { pieces } from './pieces.ts';

/** A cell, and where it stands in the table's text. */
export interface Cell {
  text: string;
  start: number;
}

/** The rows of a table, its head first, as documents write them; undefined for a text that is none. */
export function tableRows(text: string): Cell[][] | undefined {
  const lines = pieces(text, '\n');
  if (lines.length < 2 || !lines.every((line) => line.text.includes(' | '))) return undefined;
  return lines.map((line) =>
    pieces(line.text, ' | ').map((cell) => ({ text: cell.text, start: line.start + cell.start })),
  );
}
