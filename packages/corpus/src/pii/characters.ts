/** One character between the digits of a number, for a character class: spaces of all widths, dots, dashes, slash, brackets. */
export const SEPARATORS = ' \\u00a0\\u2007\\u2009\\u202f.\\-\\u2010\\u2011\\u2013/()';
/** Spaces and dashes, as between the groups of an IBAN or a card. */
export const GROUPING = ' \\u00a0\\u2007\\u2009\\u202f.\\-\\u2010\\u2011';
/** Up to three of them or tabs, as tables and careful typists set; a number has the same between all its groups. */
export const WIDE_GAP = `[${GROUPING}\\t]{1,3}`;
/** What stands between the pairs of a phone number beside the usual separators. */
export const PHONE_MARKS = '\\t\\u00b7\\u2022\\u2219_|';

/** The digits of a text, without what stands between them. */
export function digitsOf(text: string): string {
  return text.replace(/\D+/g, '');
}

const WORD = /[\p{L}\p{N}_]/u;

/**
 * Whether a number that begins here stands by itself: not glued to a word, not the decimals or minutes of another number, not a
 * part of an identifier such as `2016-1088` or `/page/0612345678`.
 */
export function freeBefore(text: string, start: number): boolean {
  const previous = text[start - 1];
  if (previous === undefined) return true;
  if (WORD.test(previous) || previous === '#' || previous === '@') return false;
  const second = text[start - 2] ?? ' ';
  if (previous === '.' || previous === ',' || previous === ':') return !/\d/.test(second);
  return !(/[-\u2010\u2011/\\&=+]/.test(previous) && WORD.test(second)) || isLabel(text, start - 1);
}

/** `tel=` and the like before a number. */
function isLabel(text: string, end: number): boolean {
  return /(?:tel|phone|fax|mobile|iban|siret|siren)$/i.test(text.slice(Math.max(0, end - 8), end));
}

/** Whether a number that ends here is not glued to a word, to decimals, or to the rest of an identifier. */
export function freeAfter(text: string, end: number): boolean {
  const next = text[end];
  if (next === undefined) return true;
  if (WORD.test(next)) return false;
  return !(/[.\-\u2010\u2011]/.test(next) && WORD.test(text[end + 1] ?? ' '));
}

/** Whether a place lies in a URL: its numbers are those of pages. */
export function inUrl(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 200), start);
  const token = before.slice(before.search(/[^\s<>"]*$/));
  return token.includes('://') || /^www\./i.test(token);
}

/** Puts digits into the places of the last digits of a template; what is left over follows, places left over go. */
export function layDigits(template: string, digits: string): string {
  const places = template.match(/\d/g)?.length ?? 0;
  let skip = Math.max(0, places - digits.length);
  let next = 0;
  const laid = template.replace(/\d/g, (digit) => {
    if (skip > 0) {
      skip--;
      return digit;
    }
    return digits[next++]!;
  });
  return laid + digits.slice(next);
}
