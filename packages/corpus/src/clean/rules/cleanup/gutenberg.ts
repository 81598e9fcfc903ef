import { Refusal, type Rule } from '../../rule.ts';

/** A first line of a book's credits: they follow the mark of the start. */
const CREDITS = /^(?:e-?text )?(?:produced|prepared|transcribed|credits?)\b[^\n]{0,20}?(?: by\b|:)/i;
/** Gutenberg's header and licence end, or begin, in the outer parts of a file. */
const OUTER = 30_000;

/**
 * Takes out what Project Gutenberg puts around a book: everything up to the mark of its start, the credits after it,
 * and everything from the mark of its end. Marks of all years are known; a text without them stays as it is.
 */
export const gutenberg: Rule = {
  name: 'gutenberg',
  apply(document) {
    const text = withoutGutenberg(document.text);
    if (text === document.text) return document;
    return text === '' ? new Refusal('nothing between header and licence') : { ...document, text };
  },
};

/** A book without what Project Gutenberg puts around it; empty where there is nothing else. */
export function withoutGutenberg(text: string): string {
  return withoutCredits(withoutFrame(text));
}

function withoutFrame(text: string): string {
  let from = 0;
  let to = text.length;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    // Marks are short; between the outer parts nobody looks for any.
    if (end - start <= 300 && (start < OUTER || end > text.length - OUTER)) {
      const kind = markOf(text.slice(start, end));
      if (kind === 'start' && start < OUTER) {
        from = Math.min(end + 1, text.length);
        to = text.length;
      } else if (kind === 'end' && to === text.length) to = start;
    }
    start = end + 1;
  }
  return from === 0 && to === text.length ? text : text.slice(from, Math.max(from, to)).trim();
}

function markOf(line: string): 'start' | 'end' | undefined {
  if (!/gutenberg|small print/i.test(line)) return undefined;
  if (/\*\*\*\s?START OF (?:THE|THIS) PROJECT GUTENBERG/i.test(line)) return 'start';
  if (/^\*END\*?\s?THE SMALL PRINT/i.test(line)) return 'start';
  if (/\*\*\*\s?END OF (?:THE|THIS) PROJECT GUTENBERG/i.test(line)) return 'end';
  return /^\s?End of (?:The |this )?Project Gutenberg/i.test(line) ? 'end' : undefined;
}

/** Paragraphs of credits at the head of the book. */
function withoutCredits(text: string): string {
  let start = 0;
  while (start < text.length && CREDITS.test(text.slice(start, start + 100))) {
    const end = text.indexOf('\n\n', start);
    if (end < 0 || end - start > 1500) break;
    start = end;
    while (text[start] === '\n') start++;
  }
  return start === 0 ? text : text.slice(start);
}
