import { type Line, makeLines } from './lines.ts';
import type { Rule, Word } from './print.ts';
import { contains, hull, type Rectangle } from './rectangle.ts';

/** Lines that meet within this distance, in points, belong together. */
const NEAR = 2.5;
/** A grid with fewer texts than this share of its cells is a drawing. */
const MOSTLY_EMPTY = 0.3;
/** More lines than this are a drawing, not tables. */
const MOST = 4000;

/**
 * Tables whose cells have lines around them: each becomes one line that holds its rows and cells. Words inside a table
 * leave the others.
 */
export function takeRuledTables(
  words: readonly Word[],
  rules: readonly Rule[],
): { words: Word[]; tables: Line[] } {
  let rest = [...words];
  const tables: Line[] = [];
  if (rules.length > MOST) return { words: rest, tables };
  for (const group of connected(rules)) {
    const columns = positions(group.filter(isUpright).map((rule) => rule.x0));
    const levels = positions(group.filter((rule) => !isUpright(rule)).map((rule) => rule.y0));
    if (columns.length < 3 || levels.length < 3) continue;
    const frame = { x0: columns[0]!, x1: columns.at(-1)!, y0: levels[0]!, y1: levels.at(-1)! };
    const inside = rest.filter((word) => contains(frame, (word.x0 + word.x1) / 2, word.y - word.size * 0.3));
    const rows = withoutEmptyColumns(cellsOf(inside, columns, levels));
    const filled = rows.filter((row) => row.filter((cell) => cell.length > 0).length > 1);
    // A frame around a text, or the grid of a drawing, is no table.
    if (filled.length < 2 || share(rows) < MOSTLY_EMPTY) continue;
    const taken = new Set(inside);
    rest = rest.filter((word) => !taken.has(word));
    tables.push(tableLine(rows, frame));
  }
  return { words: rest, tables };
}

function tableLine(rows: readonly Line[][][], frame: Rectangle): Line {
  const lines = rows.flat(2);
  const first = lines[0]!;
  return { ...frame, words: [], text: '', y: first.y, size: first.size, bold: false, table: rows };
}

/** The share of cells that have text. */
function share(rows: readonly (readonly Line[][])[]): number {
  const cells = rows.flat();
  return cells.filter((cell) => cell.length > 0).length / Math.max(1, cells.length);
}

/** Cells that span several columns leave columns in which nothing begins. */
function withoutEmptyColumns(rows: readonly Line[][][]): Line[][][] {
  const used = (rows[0] ?? []).map((_, column) => rows.some((row) => row[column]!.length > 0));
  return rows.map((row) => row.filter((_, column) => used[column]));
}

function isUpright(rule: Rule): boolean {
  return rule.x1 - rule.x0 < rule.y1 - rule.y0;
}

/** Distinct positions of lines, from the least. */
function positions(values: readonly number[]): number[] {
  const kept: number[] = [];
  for (const value of [...values].sort((a, b) => a - b)) {
    if (kept.length === 0 || value - kept.at(-1)! > NEAR) kept.push(value);
  }
  return kept;
}

function cellsOf(words: readonly Word[], columns: readonly number[], levels: readonly number[]): Line[][][] {
  const cells = Array.from({ length: levels.length - 1 }, () =>
    Array.from({ length: columns.length - 1 }, (): Word[] => []),
  );
  const between = (list: readonly number[], value: number): number =>
    Math.min(
      Math.max(
        list.findLastIndex((start) => start <= value),
        0,
      ),
      list.length - 2,
    );
  for (const word of words) {
    const row = cells[between(levels, word.y - word.size * 0.3)]!;
    row[between(columns, (word.x0 + word.x1) / 2)]!.push(word);
  }
  return cells
    .map((row) => row.map((cell) => makeLines(cell)))
    .filter((row) => row.some((cell) => cell.length > 0));
}

/** Groups of lines that touch one another. */
function connected(rules: readonly Rule[]): Rule[][] {
  const groups: { box: Rectangle; rules: Rule[] }[] = [];
  for (const rule of [...rules].sort((a, b) => a.y0 - b.y0 || a.x0 - b.x0)) {
    const touching = groups.filter(
      (group) => touches(group.box, rule) && group.rules.some((other) => touches(other, rule)),
    );
    const merged = {
      box: hull([rule, ...touching.map((group) => group.box)]),
      rules: [...touching.flatMap((group) => group.rules), rule],
    };
    for (const group of touching) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups.map((group) => group.rules);
}

function touches(a: Rectangle, b: Rectangle): boolean {
  return a.x0 - NEAR <= b.x1 && b.x0 - NEAR <= a.x1 && a.y0 - NEAR <= b.y1 && b.y0 - NEAR <= a.y1;
}
