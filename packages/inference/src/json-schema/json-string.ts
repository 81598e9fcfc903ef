import { literal } from './gbnf-text.ts';

/** A character of a JSON string as it stands: neither quote, backslash, nor control character. */
export const PLAIN_CHARACTER = '[^"\\\\\\x00-\\x1F\\x7F]';

/**
 * One code point of a JSON string (RFC 8259, section 7), as it stands or escaped. Escapes of half surrogate pairs are
 * left out: alone they are no character, and a pair would count twice.
 */
export const CHARACTER = `(${PLAIN_CHARACTER} | "\\\\" (["\\\\/bfnrt] | "u" ([0-9a-cA-CefEF] [0-9a-fA-F]{3} | [dD] [0-7] [0-9a-fA-F]{2})))`;

/** Bodies of strings by `format`: parts of what RFC 3339, 4122, 5321, 2673, 4291, 1123 and 3986 allow, so that each is valid. */
const DAY_28 = '("0" [1-9] | "1" [0-9] | "2" [0-8])';
const DATE = `[0-9]{4} "-" (("0" [1-9] | "1" [0-2]) "-" ${DAY_28} | ("0" [13-9] | "1" [0-2]) "-" ("29" | "30") | ("0" [13578] | "1" [02]) "-31")`;
const HOUR = '("0" [0-9] | "1" [0-9] | "2" [0-3])';
const TIME = `${HOUR} ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,6})? ("Z" | [+-] ${HOUR} ":" [0-5] [0-9])`;
const LABEL = '[a-z0-9] ([a-z0-9-]{0,30} [a-z0-9])?';
const HOST = `${LABEL} ("." ${LABEL}){0,3}`;
/** RFC 3339, appendix A: units without gaps. */
const DAYS = '[0-9]{1,4} "D"';
const MONTHS = `[0-9]{1,4} "M" (${DAYS})?`;
const DATES = `(${DAYS} | ${MONTHS} | [0-9]{1,4} "Y" (${MONTHS})?)`;
const MINUTES = '[0-9]{1,4} "M" ([0-9]{1,4} "S")?';
const TIMES = `"T" ([0-9]{1,4} "S" | ${MINUTES} | [0-9]{1,4} "H" (${MINUTES})?)`;
const OCTET = '("25" [0-5] | "2" [0-4] [0-9] | "1" [0-9] [0-9] | [1-9]? [0-9])';

export const FORMATS = new Map([
  ['date', DATE],
  ['time', TIME],
  ['date-time', `${DATE} "T" ${TIME}`],
  ['uuid', '[0-9a-f]{8} ("-" [0-9a-f]{4}){3} "-" [0-9a-f]{12}'],
  ['email', `[a-z0-9] [a-z0-9_+-]{0,30} ("." [a-z0-9_+-]{1,30}){0,3} "@" ${LABEL} ("." ${LABEL}){1,3}`],
  ['ipv4', `${OCTET} ("." ${OCTET}){3}`],
  ['ipv6', '[0-9a-f]{1,4} (":" [0-9a-f]{1,4}){7}'],
  ['hostname', HOST],
  ['uri', `"http" "s"? "://" ${HOST} ("/" [A-Za-z0-9._~-]{0,60}){0,8}`],
  ['duration', `"P" (${DATES} (${TIMES})? | ${TIMES} | [0-9]{1,4} "W")`],
]);

/** A string's body that is this text, escaped as `JSON.stringify` does. */
export function exactBody(text: string): string {
  return literal(JSON.stringify(text).slice(1, -1));
}

/**
 * Bodies of strings that are none of these names. Without escapes, so that a name cannot come in another spelling.
 * @param define - takes a rule's text, returns its name
 */
export function bodyExcept(names: readonly string[], define: (body: string) => string): string {
  const branches = new Map<string, string[]>();
  for (const name of names) {
    const [first] = name;
    if (first === undefined) continue;
    branches.set(first, [...(branches.get(first) ?? []), name.slice(first.length)]);
  }
  const firsts = [...branches.keys()].filter((char) => !/["\\]|\p{Cc}/u.test(char));
  const excluded = firsts.map((char) => `\\U${char.codePointAt(0)!.toString(16).padStart(8, '0')}`).join('');
  const ways = [`${PLAIN_CHARACTER.slice(0, -1)}${excluded}] ${PLAIN_CHARACTER}*`];
  for (const char of firsts) ways.push(`${literal(char)} ${bodyExcept(branches.get(char)!, define)}`);
  if (!names.includes('')) ways.push('""');
  return define(ways.join(' | '));
}
