import type { Block, Box } from '@lucie/retrieval';
import { type Span, spansWithin } from './mark-text.ts';
import { splitLines } from './split-lines.ts';

/** Height ÷ width of the sheets that schools print on (ISO 216). */
export const SHEET_RATIO = Math.SQRT2;

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
  /** The letters are spread or squeezed to this. */
  width: number;
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
  const boxes = block.boxes ?? [];
  const lines = linesOf(block);
  const bold = block.kind === 'heading';
  return boxes.flatMap((box, i) => {
    const line = lines[i]!;
    const place = drawnBox(box, ratio);
    const cells = block.kind === 'table' ? columns(block, block.text.slice(line.start, line.end), ratio) : [];
    const parts = cells.length > 1 ? cells : [{ text: block.text.slice(line.start, line.end), ...box }];
    return parts
      .filter(({ text }) => text.trim() !== '')
      .map(({ text, x, width }) => ({
        text: text.trim(),
        x: x * DRAWN_WIDTH,
        width: width * DRAWN_WIDTH,
        baseline: place.y + place.height * BASELINE,
        size: place.height * LETTERS,
        bold,
      }));
  });
}

/** A row's cells, side by side in equal columns as wide as the whole table: where they stood is not known. */
function columns(block: Block, row: string, ratio: number): { text: string; x: number; width: number }[] {
  const boxes = block.boxes!;
  const cells = row.split(' | ');
  const count = Math.max(...block.text.split('\n').map((each) => each.split(' | ').length));
  const left = Math.min(...boxes.map(({ x }) => x));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const step = (right - left) / count;
  return cells.map((text, i) => {
    // A letter is about half as wide as it is high: what is shorter than its column keeps its own width.
    const natural = text.length * 0.5 * LETTERS * boxes[0]!.height * ratio;
    return { text, x: left + i * step, width: Math.min(step * 0.94, natural) };
  });
}

/**
 * The boxes to mark: those that the citation names, or else those of the lines in which its words stand.
 * @param span - the cited characters of the block
 */
export function citedBoxes(block: Block, span: Span, named: readonly Box[] = []): Box[] {
  if (named.length > 0) return [...named];
  const boxes = block.boxes ?? [];
  const lines = linesOf(block);
  return boxes.filter((_, i) => spansWithin([span], lines[i]!).length > 0);
}
