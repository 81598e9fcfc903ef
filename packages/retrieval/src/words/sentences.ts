import { isInnerPoint } from './abbreviation.ts';

/** Characters of a text (UTF-16), the end not included. */
export interface Span {
  start: number;
  end: number;
}

/** A quotation up to this long is not parted: « Au feu ! Vite ! » cria-t-elle. */
const LONGEST_QUOTATION = 200;

/** Where the quotation that is open at `from` closes on its line; -1 where it does not soon enough. */
function quotationEnd(text: string, from: number): number {
  const inside = text.slice(from + 1, from + 1 + LONGEST_QUOTATION);
  const length = inside.search(/[»\n«]/);
  return length >= 0 && inside[length] === '»' ? from + 1 + length : -1;
}

/**
 * The sentences of a French text, trimmed, in order; between them there is only space. A sentence ends at `.`, `!`, `?`
 * or `…`, with what closes behind them (`»`, brackets), and at every line break. It goes on behind points of
 * abbreviations, numbers and initials, inside a short « quotation », and where a small letter or a comma follows.
 */
export function sentences(text: string): Span[] {
  const spans: Span[] = [];
  let from = 0;
  const close = (to: number): void => {
    let start = from;
    let end = to;
    while (start < end && /\s/.test(text[start]!)) start++;
    while (end > start && /\s/.test(text[end - 1]!)) end--;
    if (end > start) spans.push({ start, end });
    from = to;
  };
  let quotedTo = -1;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\n') close(i + 1);
    if (char === '«') quotedTo = Math.max(quotedTo, quotationEnd(text, i));
    if (!'.!?…'.includes(char)) continue;
    let end = i + 1;
    while (end < text.length && '.!?…'.includes(text[end]!)) end++;
    const alone = end === i + 1 && char === '.';
    // French sets a space before ! and »: marks and what closes may stand apart.
    let closing = /^[ \u00a0\u202f]?[!?»”)\]]|^["’]/u.exec(text.slice(end, end + 2));
    while (closing) {
      end += closing[0].length;
      closing = /^[ \u00a0\u202f]?[!?»”)\]]|^["’]/u.exec(text.slice(end, end + 2));
    }
    const behind = /^([^\S\n]*)[—–-]?[^\S\n]*(\S?)/u.exec(text.slice(end, end + 20))!;
    const follows = behind[2]!;
    const inner = alone && end === i + 1 && isInnerPoint(text, i, follows);
    const goesOn =
      /[\p{Ll},;:]/u.test(follows) || (behind[1] === '' && follows !== '' && !/[\p{Lu}«(]/u.test(follows));
    const quoted = quotedTo >= end;
    i = end - 1;
    if (!inner && !goesOn && !quoted) close(end);
  }
  close(text.length);
  return spans;
}
