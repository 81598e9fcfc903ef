import { characterClasses, SPACE } from './character-classes.ts';

/**
 * Lines with something on them. CCNet, for whose texts the bounds were set, leaves no empty lines; ours stand
 * between paragraphs and say nothing.
 */
export interface LineCounts {
  lines: number;
  /** Begin, after white space, with one of RedPajama v2's bullets: • ‣ ▶ ◀ ◦ ■ □ ▪ ▫ –. */
  bullets: number;
  /** End, before white space, in `...` or `…`. */
  ellipses: number;
}

const BULLETS = new Set(
  [...'\u2022\u2023\u25b6\u25c0\u25e6\u25a0\u25a1\u25aa\u25ab\u2013'].map((c) => c.charCodeAt(0)),
);

export function countLines(text: string): LineCounts {
  const counts: LineCounts = { lines: 0, bullets: 0, ellipses: 0 };
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    let first = start;
    let last = end - 1;
    while (first < end && characterClasses[text.charCodeAt(first)] === SPACE) first++;
    while (last > first && characterClasses[text.charCodeAt(last)] === SPACE) last--;
    if (first < end) {
      counts.lines++;
      if (BULLETS.has(text.charCodeAt(first))) counts.bullets++;
      if (text[last] === '…' || (last - first >= 2 && text.startsWith('...', last - 2))) counts.ellipses++;
    }
    start = end + 1;
  }
  return counts;
}
