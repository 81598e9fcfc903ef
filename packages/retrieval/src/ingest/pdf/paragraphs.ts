import type { Line } from './lines.ts';
import { listMarker, type Marker } from './list-marker.ts';
import type { Word } from './print.ts';

/** Lines that are read as one. */
export interface Paragraph {
  lines: Line[];
  marker?: Marker;
}

/**
 * Parts lines below one another into paragraphs, by space, size, weight, indentation, list markers, and by lines that
 * end before they had to.
 */
export function toParagraphs(lines: readonly Line[]): Paragraph[] {
  const right = Math.max(...lines.map((line) => line.x1));
  const left = Math.min(...lines.map((line) => line.x0));
  const leading = usualLeading(lines);
  const paragraphs: Paragraph[] = [];
  lines.forEach((line, i) => {
    const current = paragraphs.at(-1);
    const last = lines[i - 1];
    const marker = line.table ? undefined : listMarker(line.text);
    if (current && last && !line.table && !last.table && goesOn(current, last, line, marker)) {
      current.lines.push(line);
    } else paragraphs.push({ lines: [line], ...(marker ? { marker } : {}) });
  });
  return paragraphs;

  function goesOn(current: Paragraph, last: Line, line: Line, marker: Marker | undefined): boolean {
    const size = Math.max(last.size, line.size);
    const gap = line.y - last.y;
    if (gap > Math.max(1.3 * leading, 1.2) * size || gap < 0) return false;
    if (line.x0 > last.x1 || line.x1 < last.x0) return false;
    if (isContentsEntry(last.text)) return false;
    const broken = endedEarly(last, line, right);
    const ended = /[.!?:;…»)]$/.test(last.text);
    const change = Math.abs(last.size - line.size) / size;
    // A line of code or of small capitals inside a paragraph is a little smaller.
    if (change > 0.2 || (change > 0.08 && (broken || ended))) return false;
    if (last.bold !== line.bold) {
      // Bold words may fill a line of a paragraph.
      return !broken && !marker && Math.abs(last.x1 - right) < 2 * size;
    }
    if (marker) {
      const own = current.marker !== undefined || broken || ended;
      if (own) return false;
    }
    if (current.marker) {
      const start = current.lines[0]!;
      // Items hang from their marker; what begins left of their text is no part of them.
      if (broken && line.x0 < textStart(start) - 0.5 * size) return false;
    } else if (line.x0 - last.x0 > 0.8 * size && last.x0 - left < 0.8 * size && (broken || ended))
      return false;
    return !(broken && ended);
  }
}

/** « 2.1 Les oiseaux … 7 », of a table of contents. */
export function isContentsEntry(text: string): boolean {
  return /…\s?[\divxlc]+$/.test(text);
}

/** Where the text of a list item begins, behind its marker. */
function textStart(line: Line): number {
  return line.words[1]?.x0 ?? line.x0;
}

/** The next line's first word would have found room: the break was meant. */
export function endedEarly(line: Line, next: Line, right: number): boolean {
  const word: Word = next.words[0]!;
  return line.x1 + (word.x1 - word.x0) + 0.35 * line.size < right - 0.5;
}

/** The distance of lines within paragraphs, in sizes: paragraphs and headings stand farther apart. */
function usualLeading(lines: readonly Line[]): number {
  const gaps: number[] = [];
  for (let i = 1; i < lines.length; i++) {
    const [a, b] = [lines[i - 1]!, lines[i]!];
    const gap = b.y - a.y;
    if (gap > 0.8 * a.size && gap < 3 * a.size && Math.abs(a.size - b.size) < 0.08 * a.size) {
      gaps.push(gap / a.size);
    }
  }
  gaps.sort((a, b) => a - b);
  return gaps[gaps.length >> 2] ?? 1.2;
}
