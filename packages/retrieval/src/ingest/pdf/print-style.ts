import type { Line } from './lines.ts';
import { isContentsEntry } from './paragraphs.ts';

/** Larger than the text by this, print is a heading. */
const LARGER = 1.15;
const LONGEST = 200;
const LONGEST_BOLD = 100;
const DEEPEST = 6;

/** How a document prints its text and its headings. */
export class PrintStyle {
  /** Size of most letters, in points. */
  readonly body: number;
  readonly #boldBody: boolean;
  readonly #sizes: number[];

  /** @param lines - all lines of all pages. */
  constructor(lines: Iterable<Line>) {
    const letters = new Map<number, number>();
    let [all, bold] = [0, 0];
    const kept = [...lines];
    for (const line of kept) {
      const size = rounded(line.size);
      letters.set(size, (letters.get(size) ?? 0) + line.text.length);
      all += line.text.length;
      if (line.bold) bold += line.text.length;
    }
    let most = 0;
    let body = 11;
    for (const [size, count] of letters) {
      if (count > most || (count === most && size < body)) [most, body] = [count, size];
    }
    this.body = body;
    this.#boldBody = bold > 0.4 * all;
    const large = kept.filter((line) => line.size >= LARGER * body && /\p{L}/u.test(line.text));
    this.#sizes = [...new Set(large.map((line) => rounded(line.size)))].sort((a, b) => b - a);
  }

  /** From 1, by size; bold print of the text's size comes below all larger ones. Undefined for text. */
  headingLevel(lines: readonly Line[]): number | undefined {
    const { size } = lines[0]!;
    const text = lines.map((line) => line.text).join(' ');
    if (!/\p{L}{2}/u.test(text) || text.length > LONGEST || lines.length > 3) return undefined;
    if (isContentsEntry(text)) return undefined;
    if (size >= LARGER * this.body) {
      const level = this.#sizes.findIndex((other) => other <= rounded(size)) + 1;
      return Math.min(DEEPEST, Math.max(1, level));
    }
    const boldLine = lines.every((line) => line.bold) && !this.#boldBody && size >= 0.95 * this.body;
    if (!boldLine || text.length > LONGEST_BOLD || /[.,;]$/.test(text)) return undefined;
    return Math.min(DEEPEST, this.#sizes.length + 1);
  }
}

/** To half points: programs print 11.04 for 11. */
function rounded(size: number): number {
  return Math.round(size * 2) / 2;
}
