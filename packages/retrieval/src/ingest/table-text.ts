/** A cell as its format gives it: what it spans, downwards either by a number (HTML) or by a mark on those below (DOCX). */
export interface TableCell {
  text: string;
  columns?: number;
  rows?: number;
  /** The cell above goes on in this one. */
  continues?: boolean;
}

/** Wider than any table that is read, narrower than what a span can claim. */
const MOST_COLUMNS = 64;

/** Stands in an empty cell, so that each row has the same number of cells. */
export const EMPTY_CELL = '–';

export interface TableText {
  /** A first row of one cell over all columns: a title of the table, not its head. */
  caption?: string;
  /** One row a line, cells between ` | `. Each row stands for itself: what spans several cells is in each of them. */
  text: string;
  columns: number;
}

export function tableText(rows: readonly (readonly TableCell[])[]): TableText {
  const grid = spread(rows);
  const columns = grid.reduce((widest, row) => Math.max(widest, row.length), 0);
  const lines: string[] = [];
  let caption: string | undefined;
  for (const [i, row] of grid.entries()) {
    if (row.every((text) => text === '')) continue;
    // One cell over the whole width is said once.
    if (columns > 1 && rows[i]!.length === 1 && (rows[i]![0]!.columns ?? 1) >= columns) {
      if (caption === undefined && lines.length === 0) caption = row[0]!;
      else lines.push(row[0]!);
    } else lines.push(row.map((text) => text || EMPTY_CELL).join(' | '));
  }
  return { ...(caption === undefined ? {} : { caption }), text: lines.join('\n'), columns };
}

function spread(rows: readonly (readonly TableCell[])[]): string[][] {
  const carried: { text: string; left: number }[] = [];
  const grid: string[][] = [];
  for (const cells of rows) {
    const row: string[] = [];
    const above = grid.at(-1);
    const takeCarried = () => {
      while (carried[row.length] !== undefined && carried[row.length]!.left > 0) {
        const cell = carried[row.length]!;
        cell.left--;
        row.push(cell.text);
      }
    };
    for (const cell of cells) {
      takeCarried();
      const text = cell.continues ? (above?.[row.length] ?? '') : oneLine(cell.text);
      const columns = Math.max(1, Math.min(cell.columns ?? 1, MOST_COLUMNS - row.length));
      for (let i = 0; i < columns; i++) {
        carried[row.length] = { text, left: Math.max(0, (cell.rows ?? 1) - 1) };
        row.push(text);
      }
      if (row.length >= MOST_COLUMNS) break;
    }
    takeCarried();
    grid.push(row);
  }
  return grid;
}

/** A cell's own bar would pass for the end of a cell. */
function oneLine(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll(' | ', '|')
    .trim();
}
