import { isLevel, joinLevel, type Line } from './lines.ts';
import { isMarkerAlone } from './list-marker.ts';
import { hull } from './rectangle.ts';

/** Lines below one another, or the rows of a table without rules. */
export type Piece = { kind: 'lines'; lines: Line[] } | { kind: 'table'; rows: Line[][][] };

/** Columns nearer than this, in points, are words of one line. */
const GUTTER = 8;
/** A column begins within so many lines below its neighbour's first. */
const LOOK_AHEAD = 12;

/**
 * Puts lines into reading order: whole-width lines from above; where a white gutter runs down between lines, either
 * column after column or, when the lines are short and level, a table row after row.
 * @param lines - parts of print lines, from above and from the left (see makeLines).
 */
export function readingOrder(lines: readonly Line[], depth = 0): Piece[] {
  const pieces: Piece[] = [];
  let single: Line[] = [];
  const flush = (): void => {
    if (single.length > 0) pieces.push({ kind: 'lines', lines: joinLevel(single) });
    single = [];
  };
  const width = lines.length > 0 ? hull(lines).x1 - hull(lines).x0 : 0;
  for (let i = 0; i < lines.length; ) {
    const band = depth < 6 ? findBand(lines, i, width) : undefined;
    const inner = band && readBand(band.columns, depth);
    if (band && inner) {
      flush();
      pieces.push(...inner);
      i = band.end;
    } else single.push(lines[i++]!);
  }
  flush();
  return pieces;
}

/** From a line on, as many lines as leave a gutter open. */
function findBand(
  lines: readonly Line[],
  from: number,
  width: number,
): { columns: Line[][]; end: number } | undefined {
  const [first, second] = [lines[from]!, lines[from + 1]];
  // A heading above columns, or above a table, is in none of them.
  if (second && first.size >= 1.12 * second.size && second.y0 > first.y1) return undefined;
  let spans: { x0: number; x1: number }[] = [];
  let end = from;
  let open = 0;
  for (let i = from; i < lines.length; i++) {
    const line = lines[i]!;
    if (spans.length > 1 && isHeadingBetween(lines.slice(from, i), line, lines[i + 1])) break;
    const next = addSpan(spans, line);
    if (spans.length > 1 && next.length < 2) break;
    spans = next;
    end = i + 1;
    if (spans.length > 1) open++;
    else if (line.x1 - line.x0 > 0.6 * width || i - from > LOOK_AHEAD) return undefined;
  }
  if (open === 0) return undefined;
  const block = trimEnd(lines.slice(from, end), spans);
  const columns = spans
    .map((span) => block.filter((line) => line.x0 >= span.x0 - 0.01 && line.x1 <= span.x1 + 0.01))
    .filter((column) => column.length > 0);
  return columns.length > 1 ? { columns, end: from + block.length } : undefined;
}

/** Larger print with white above and below it over the whole width begins something else. */
function isHeadingBetween(above: readonly Line[], line: Line, below: Line | undefined): boolean {
  if (line.size < 1.12 * above[0]!.size) return false;
  const bottom = Math.max(...above.map((other) => other.y1));
  return line.y0 - bottom > 0.5 * line.size && below !== undefined && below.y0 > line.y1;
}

/** Lines of one column that go on far below the others' end are no longer beside anything. */
function trimEnd(block: readonly Line[], spans: readonly { x0: number; x1: number }[]): readonly Line[] {
  const column = (line: Line): number =>
    spans.findIndex((span) => line.x0 >= span.x0 - 0.01 && line.x1 <= span.x1 + 0.01);
  const last = column(block.at(-1)!);
  let end = block.length;
  while (end > 0 && column(block[end - 1]!) === last) end--;
  for (let i = Math.max(end, 1); i < block.length; i++) {
    const [above, line] = [block[i - 1]!, block[i]!];
    if (line.y0 - above.y1 > 1.2 * line.size || Math.abs(line.size - above.size) > 0.1 * above.size) {
      return block.slice(0, i);
    }
  }
  return block;
}

function addSpan(
  spans: readonly { x0: number; x1: number }[],
  { x0, x1 }: Line,
): { x0: number; x1: number }[] {
  const merged = { x0, x1 };
  const kept = [];
  for (const span of spans) {
    if (span.x0 < merged.x1 + GUTTER && merged.x0 < span.x1 + GUTTER) {
      merged.x0 = Math.min(merged.x0, span.x0);
      merged.x1 = Math.max(merged.x1, span.x1);
    } else kept.push(span);
  }
  return [...kept, merged].sort((a, b) => a.x0 - b.x0);
}

/** Undefined when what looks like columns is none. */
function readBand(columns: readonly Line[][], depth: number): Piece[] | undefined {
  // Bullets or numbers, and their items.
  if (columns[0]!.every((line) => isMarkerAlone(line.text))) {
    return columns.length > 2
      ? undefined
      : [{ kind: 'lines', lines: joinLevel(columns.flat().sort(byPlace)) }];
  }
  if (!columns.every(isProse) && !isBesideProse(columns)) {
    const rows = tableRows(columns);
    if (rows) return [{ kind: 'table', rows }];
  }
  if (columns.every((column) => column.length > 2)) {
    return columns.flatMap((column) => readingOrder(column, depth + 1));
  }
  return undefined;
}

function byPlace(a: Line, b: Line): number {
  return isLevel(a, b) ? a.x0 - b.x0 : a.y - b.y;
}

/** A list or a small table in a column of its own, beside a column of text. */
function isBesideProse(columns: readonly Line[][]): boolean {
  const { x0, x1 } = hull(columns.flat());
  const wide = columns.every((column) => hull(column).x1 - hull(column).x0 > 0.3 * (x1 - x0));
  return wide && columns.some(isProse);
}

/** Lines of several words that fill their column. */
function isProse(column: readonly Line[]): boolean {
  if (column.some((line) => line.table)) return true;
  const { x0, x1 } = hull(column);
  const lines = joinLevel(column);
  const words = lines.map((line) => line.text.split(' ').length).sort((a, b) => a - b);
  const filled = lines.filter((line) => line.x1 - line.x0 > 0.6 * (x1 - x0)).length;
  return lines.length > 2 && words[words.length >> 1]! > 3 && filled > 0.45 * lines.length;
}

/** Rows of level cells; lines of one cell below another belong to the row above them. */
function tableRows(columns: readonly Line[][]): Line[][][] | undefined {
  if (columns.some((column) => column.some((line) => line.table))) return undefined;
  const lines = columns.flatMap((column, index) => column.map((line) => ({ line, index })));
  lines.sort((a, b) => byPlace(a.line, b.line));
  const rows: Line[][][] = [];
  let level: Line | undefined;
  let full = 0;
  for (const { line, index } of lines) {
    const row = rows.at(-1);
    if (row && level && isLevel(level, line)) {
      if (row.filter((cell) => cell.length > 0).length === 1) full++;
      row[index]!.push(line);
      continue;
    }
    const above = row?.flat().at(-1);
    const goesOn =
      row &&
      above &&
      index > 0 &&
      row[index]!.length > 0 &&
      line.y - Math.max(...row[index]!.map((other) => other.y)) < 1.45 * line.size;
    level = line;
    if (goesOn) row[index]!.push(line);
    else rows.push(columns.map((_, i) => (i === index ? [line] : [])));
  }
  return full > 1 && full >= 0.5 * rows.length ? rows : undefined;
}
