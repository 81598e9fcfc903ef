import type { Block } from '../document.ts';
import { type Span, sentences } from '../words/sentences.ts';

/** Words of a passage, about: enough for a thought, few enough to be read as a proof. */
const WORDS = 120;
/** Rows of a table are short and read together. */
const TABLE_WORDS = 300;

/** What has no spaces (Chinese, base64) counts a word for every so many characters. */
const WORD = /\S{1,40}/gu;

const countWords = (text: string): number => text.match(WORD)?.length ?? 0;

/** Lines that hold something, trimmed. */
function lines(text: string): Span[] {
  return [...text.matchAll(/\S(?:.*\S)?/g)].map(({ index, 0: line }) => ({
    start: index,
    end: index + line.length,
  }));
}

/** Pieces of at most `words` words of a sentence that never ends. */
function cutWords(text: string, span: Span, words: number): Span[] {
  const spans: Span[] = [];
  let count = 0;
  for (const { index, 0: word } of text.slice(span.start, span.end).matchAll(WORD)) {
    const start = span.start + index;
    if (count++ % words === 0) spans.push({ start, end: start });
    spans.at(-1)!.end = start + word.length;
  }
  return spans;
}

/**
 * The spans of a block that are its passages: one, unless it is long; then of nearly equal length, whole sentences (text)
 * or lines (lists, tables) each.
 */
export function cutSpans(block: Block): Span[] {
  const { text, kind } = block;
  const most = kind === 'table' ? TABLE_WORDS : WORDS;
  const start = text.search(/\S/);
  if (start < 0) return [];
  const total = countWords(text);
  const whole = [{ start, end: text.trimEnd().length }];
  // A little too long is better than a torn end.
  if (total <= most * 1.25) return whole;
  const pieces = (kind === 'text' || kind === 'heading' ? sentences(text) : lines(text)).flatMap((span) =>
    countWords(text.slice(span.start, span.end)) > most * 1.5 ? cutWords(text, span, most) : [span],
  );
  const share = total / Math.ceil(total / most);
  const spans: Span[] = [];
  let words = 0;
  for (const piece of pieces) {
    const more = countWords(text.slice(piece.start, piece.end));
    const last = spans.at(-1);
    // Half of the piece decides on which side of the share it falls.
    if (last && words + more / 2 <= share * spans.length) last.end = piece.end;
    else spans.push({ ...piece });
    words += more;
  }
  return spans;
}
