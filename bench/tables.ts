/** A column: text without `digits`, else numbers with so many digits after the point. */
export interface Column {
  name: string;
  digits?: number;
}

/** What a bench has measured, for people; `null` is what cannot be measured there. */
export interface BenchTable {
  name: string;
  columns: Column[];
  rows: (string | number | null)[][];
  note?: string;
}

export const label = (name: string): Column => ({ name });
export const count = (name: string): Column => ({ name, digits: 0 });
/** A share or a score between 0 and 1. */
export const share = (name: string): Column => ({ name, digits: 3 });

/** A table as lines of text, text to the left and numbers to the right. */
export function formatTable({ name, columns, rows, note }: BenchTable): string {
  const cells = [columns.map((column) => column.name), ...rows.map((row) => row.map(shown))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const lines = cells.map((row) =>
    row
      .map((cell, i) =>
        columns[i]!.digits === undefined ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!),
      )
      .join('  ')
      .trimEnd(),
  );
  return [name, ...lines.map((line) => `  ${line}`), ...(note ? [`  ${note}`] : [])].join('\n');

  function shown(cell: string | number | null, i: number): string {
    if (cell === null) return '–';
    return typeof cell === 'string' ? cell : cell.toFixed(columns[i]!.digits ?? 3);
  }
}
