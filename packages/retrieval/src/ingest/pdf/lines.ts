import { superscript } from '../superscript.ts';
import type { Word } from './print.ts';
import type { Rectangle } from './rectangle.ts';

/** Words of one base line that stand together; or a ruled table, whose rows and cells then hold the lines. */
export interface Line extends Rectangle {
  words: readonly Word[];
  text: string;
  /** The base line. */
  y: number;
  size: number;
  bold: boolean;
  table?: readonly (readonly (readonly Line[])[])[];
}

/** Letters above and below the base line, in sizes. */
const ASCENT = 0.8;
const DESCENT = 0.22;
/** Words farther apart than this, in sizes, may belong to two columns. */
const FAR = 0.9;
/** A gap that is read as a space though none was printed, in sizes. */
const SPACE = 0.12;

/** Lines of print from above, from the left; words of one base line that stand far apart make two lines. */
export function makeLines(words: readonly Word[]): Line[] {
  return rows(words).flatMap((row) => {
    const parts: Word[][] = [];
    for (const word of row) {
      const last = parts.at(-1)?.at(-1);
      if (last && word.x0 - last.x1 < FAR * Math.max(word.size, last.size)) parts.at(-1)!.push(word);
      else parts.push([word]);
    }
    return parts.map(makeLine);
  });
}

/** Lines that share a base line, joined over their gaps; from above. */
export function joinLevel(lines: readonly Line[]): Line[] {
  const joined: Line[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    if (last && !last.table && !line.table && isLevel(last, line) && line.x0 >= last.x1) {
      joined[joined.length - 1] = makeLine([...last.words, ...line.words]);
    } else joined.push(line);
  }
  return joined;
}

export function isLevel(a: Line, b: Line): boolean {
  return Math.abs(a.y - b.y) <= 0.3 * Math.max(a.size, b.size);
}

export function makeLine(words: readonly Word[]): Line {
  const letters = new Map<number, number>();
  for (const word of words) {
    const size = Math.round(word.size * 4) / 4;
    letters.set(size, (letters.get(size) ?? 0) + word.text.length);
  }
  const size = [...letters].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  const main = words.filter((word) => Math.round(word.size * 4) / 4 === size);
  const y = main[0]!.y;
  return {
    words,
    text: joinWords(words),
    x0: Math.min(...words.map((word) => word.x0)),
    x1: Math.max(...words.map((word) => word.x1)),
    y0: Math.min(...words.map((word) => word.y - ASCENT * word.size)),
    y1: Math.max(...words.map((word) => word.y + DESCENT * word.size)),
    y,
    size,
    bold:
      words.every((word) => word.bold || !/[\p{L}\p{N}]/u.test(word.text)) && words.some((word) => word.bold),
  };
}

function joinWords(words: readonly Word[]): string {
  let text = '';
  words.forEach((word, i) => {
    const last = words[i - 1];
    const gap = last ? word.x0 - last.x1 : 0;
    if (last && (word.spaced || gap > SPACE * Math.min(word.size, last.size))) text += ' ';
    text += word.text;
  });
  // Dots that lead to a page number, or that a pupil writes on.
  return text.replace(/(?: ?\.){5,}/g, ' …').trim();
}

/** Words by base line; small raised or lowered ones (exponents, indices) belong to the line beside them. */
function rows(words: readonly Word[]): Word[][] {
  const all: Word[][] = [];
  for (const word of [...words].sort((a, b) => a.y - b.y || a.x0 - b.x0)) {
    const last = all.at(-1)?.[0];
    if (last && word.y - last.y <= 0.25 * Math.min(word.size, last.size)) all.at(-1)!.push(word);
    else all.push([word]);
  }
  const kept: Word[][] = [];
  all.forEach((row, i) => {
    const hosts = [all[i + 1], kept.at(-1)];
    const host = hosts.find((other) => other && row.every((word) => isRaised(word, other)));
    if (host) host.push(...row.map((word) => flat(word, host)));
    else kept.push(row);
  });
  return kept.map((row) => withoutDoubles(row.sort((a, b) => a.x0 - b.x0)));
}

/** True for an exponent, an index or the mark of a note at a word of this row. */
function isRaised(word: Word, row: readonly Word[]): boolean {
  return row.some(
    (other) =>
      word.size < 0.85 * other.size &&
      Math.abs(word.y - other.y) < 0.6 * other.size &&
      word.x0 - other.x1 < 0.4 * other.size &&
      other.x0 - word.x1 < 0.4 * other.size,
  );
}

/** m² keeps its exponent. */
function flat(word: Word, host: readonly Word[]): Word {
  return word.y < host[0]!.y
    ? { ...word, text: superscript(word.text), spaced: false }
    : { ...word, spaced: false };
}

/** Some programs print bold by printing twice. */
function withoutDoubles(row: readonly Word[]): Word[] {
  const kept: Word[] = [];
  for (const word of row) {
    const near = kept.slice(-3);
    const double = near.some((other) => other.text === word.text && word.x0 - other.x0 < 0.2 * word.size);
    if (!double) kept.push(word);
  }
  return kept;
}
