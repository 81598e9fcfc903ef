import type { Block, Box } from '../../document.ts';
import { EMPTY_CELL } from '../table-text.ts';
import type { Hyphens } from './hyphens.ts';
import type { Part } from './layout.ts';
import type { Line } from './lines.ts';
import { listMarker, type Marker } from './list-marker.ts';
import type { Paragraph } from './paragraphs.ts';
import type { PrintStyle } from './print-style.ts';
import { hull, type Rectangle } from './rectangle.ts';

export interface BlockSetting {
  style: PrintStyle;
  hyphens: Hyphens;
  /** Fractions of the page. */
  box: (rectangle: Rectangle) => Box;
}

/** Headings, texts, lists and tables, with the place of each of their lines. */
export function toBlocks(parts: readonly Part[], setting: BlockSetting): Block[] {
  const blocks: Block[] = [];
  let list: { block: Block; kind: Marker['kind']; x0: number } | undefined;
  for (const part of parts) {
    if (part.kind === 'table') {
      blocks.push(tableBlock(part.rows, setting));
      list = undefined;
      continue;
    }
    const { paragraph } = part;
    const level = setting.style.headingLevel(paragraph.lines);
    if (level === undefined && paragraph.marker) {
      const item = lineTexts(paragraph, setting);
      const { kind } = paragraph.marker;
      const { x0, size } = paragraph.lines[0]!;
      // Numbers below bullets at the same place begin another list; farther in, they belong to it.
      if (list && (kind === list.kind || x0 > list.x0 + size)) append(list.block, item);
      else {
        list = { block: { kind: 'list', text: item.text, starts: item.starts, boxes: item.boxes }, kind, x0 };
        blocks.push(list.block);
      }
      continue;
    }
    list = undefined;
    const { text, starts, boxes } = textOf(paragraph.lines, setting);
    blocks.push({
      kind: level === undefined ? 'text' : 'heading',
      text,
      ...(level ? { level } : {}),
      starts,
      boxes,
    });
  }
  return blocks;
}

interface Placed {
  text: string;
  starts: number[];
  boxes: Box[];
}

function append(block: Block, { text, starts, boxes }: Placed): void {
  const offset = block.text.length + 1;
  block.text += `\n${text}`;
  block.starts!.push(...starts.map((start) => start + offset));
  block.boxes!.push(...boxes);
}

/** An item: bullets go, since they are all alike; dashes may be those of a dialogue. */
function lineTexts(paragraph: Paragraph, setting: BlockSetting): Placed {
  const placed = textOf(paragraph.lines, setting);
  const marker = listMarker(placed.text);
  const away =
    marker?.kind === 'bullet' && !/^[–—]/.test(placed.text) ? placed.text.length - marker.rest.length : 0;
  if (away === placed.text.length) return placed;
  return {
    text: placed.text.slice(away),
    starts: placed.starts.map((start) => Math.max(0, start - away)),
    boxes: placed.boxes,
  };
}

function textOf(lines: readonly Line[], { hyphens, box }: BlockSetting): Placed {
  let text = lines[0]!.text;
  const starts = [0];
  for (const line of lines.slice(1)) {
    text = hyphens.join(text, line.text);
    starts.push(text.length - line.text.length);
  }
  return { text, starts, boxes: lines.map(box) };
}

/** One row a line; each row has one box. */
function tableBlock(rows: readonly (readonly (readonly Line[])[])[], setting: BlockSetting): Block {
  const starts: number[] = [];
  let text = '';
  const boxes: Box[] = [];
  for (const row of rows) {
    if (text !== '') text += '\n';
    starts.push(text.length);
    const cells = row.map((cell) => (cell.length === 0 ? EMPTY_CELL : textOf(cell, setting).text));
    text += cells.map((cell) => cell.replaceAll(' | ', '|')).join(' | ');
    boxes.push(setting.box(hull(row.flat())));
  }
  return { kind: 'table', text, starts, boxes };
}
