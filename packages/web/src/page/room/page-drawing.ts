import type { Block, Box } from '@lucie/retrieval';
import { type Span, spansWithin } from './mark-text.ts';
import { pieces } from './pieces.ts';
import { splitLines } from './split-lines.ts';

/** Height ÷ width of the sheets that schools print on (ISO 216). */
const SHEET_RATIO = Math.SQRT2;

/** Height ÷ width of a page, of a school's sheet where the document does not say. */
export function sheetRatio({ width = 0, height = 0 }: { width?: number; height?: number }): number {
  return width > 0 && height > 0 ? height / width : SHEET_RATIO;
}

/** Size of the letters and place of the line they stand on, both in heights of the line's box: Helvetica's metrics. */
const LETTERS = 0.98;
const BASELINE = 0.785;

/** A run of text on a drawn page; lengths in thousandths of the page's width. */
export interface DrawnText {
  text: string;
  x: number;
  /** Of the line the letters stand on. */
  baseline: number;
  size: number;
  /** The letters are spread or squeezed to this; without it they stand as the font has them. */
  width?: number;
  bold: boolean;
}

export interface DrawnBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const DRAWN_WIDTH = 1000;

/** @param ratio - height ÷ width of the page */
export function drawnBox(box: Box, ratio: number): DrawnBox {
  return {
    x: box.x * DRAWN_WIDTH,
    y: box.y * DRAWN_WIDTH * ratio,
    width: box.width * DRAWN_WIDTH,
    height: box.height * DRAWN_WIDTH * ratio,
  };
}

/** The characters of each box's line; reckoned from the widths where the document does not say. */
function linesOf({ text, boxes = [], starts = [] }: Block): Span[] {
  if (starts.length === boxes.length)
    return starts.map((start, i) => ({ start, end: starts[i + 1] ?? text.length }));
  return splitLines(
    text,
    boxes.map(({ width }) => width),
  );
}

/**
 * A block laid out in its boxes, one per line of print; nothing for a block without boxes.
 * @param ratio - height ÷ width of the page
 */
export function drawBlock(block: Block, ratio: number): DrawnText[] {
  if (block.kind === 'table') return drawTable(block, ratio);
  const lines = linesOf(block);
  return (block.boxes ?? []).flatMap((box, i) => {
    const place = drawnBox(box, ratio);
    const text = block.text.slice(lines[i]!.start, lines[i]!.end).trim();
    return text === '' ? [] : [{ text, ...onLine(place, block.kind === 'heading'), width: place.width }];
  });
}

/** Rows of a table: cells in equal columns as wide as the whole table, since where each stood is not known. */
function drawTable(block: Block, ratio: number): DrawnText[] {
  const places = (block.boxes ?? []).map((box) => drawnBox(box, ratio));
  const rows = linesOf(block).map(({ start, end }) => pieces(block.text.slice(start, end).trim(), ' | '));
  const left = Math.min(...places.map(({ x }) => x));
  const right = Math.max(...places.map(({ x, width }) => x + width));
  const step = (right - left) / Math.max(...rows.map((row) => row.length));
  // The lowest row has one line of print; higher ones have several.
  const lineHeight = Math.min(...places.map(({ height }) => height));
  return places.flatMap((place, i) =>
    rows[i]!.flatMap((cell, column) => {
      const lineWidth = step * 0.94;
      const room = Math.max(1, Math.round(place.height / lineHeight));
      const wanted = Math.ceil(estimatedWidth(cell.text, lineHeight) / lineWidth);
      const widths = Array.from({ length: Math.min(room, Math.max(1, wanted)) }, () => 1);
      return splitLines(cell.text, widths).flatMap(({ start, end }, line) => {
        const text = cell.text.slice(start, end).trim();
        if (text === '') return [];
        const at = { x: left + column * step, y: place.y + line * (place.height / room), height: lineHeight };
        // What fits keeps its own width.
        const tight = estimatedWidth(text, lineHeight) > lineWidth;
        return [{ text, ...onLine(at, i === 0), ...(tight ? { width: lineWidth } : {}) }];
      });
    }),
  );
}

/** A letter is about half as wide as it is high. */
function estimatedWidth(text: string, height: number): number {
  return text.length * 0.5 * LETTERS * height;
}

function onLine(
  line: Pick<DrawnBox, 'x' | 'y' | 'height'>,
  bold: boolean,
): Omit<DrawnText, 'text' | 'width'> {
  return { x: line.x, baseline: line.y + line.height * BASELINE, size: line.height * LETTERS, bold };
}

/**
 * The boxes to mark: those of the lines in which the cited words stand; for a block without boxes those that the
 * citation names.
 * @param span - the cited characters of the block
 */
export function citedBoxes(block: Block, span: Span, named: readonly Box[] = []): Box[] {
  const boxes = block.boxes ?? [];
  if (boxes.length === 0) return [...named];
  const lines = linesOf(block);
  return boxes.filter((_, i) => spansWithin([span], lines[i]!).length > 0);
}
