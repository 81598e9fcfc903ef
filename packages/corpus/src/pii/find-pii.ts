import { languageGroup } from '../mix/language-group.ts';
import { findEmails } from './email.ts';
import { findNumbers } from './find-numbers.ts';
import { findIbans } from './iban.ts';
import { findIps } from './ip.ts';
import type { PiiKind, PiiMatch } from './kinds.ts';
import { phoneCountries } from './phone-shapes.ts';

/** One pass that most texts do not survive: a mail's sign, eight digits close together, two colons among hexadecimals. */
const SUSPECT =
  /[@＠﹫]|&#(?:64|x40);|&commat;|%40|\b(?:arobase|arroba|chiocciola)\b|[[({<]at[\])}>]|[ _\u00a0-]at[ _\u00a0-]{1,2}[\p{L}\p{N}-]+(?:\.|[ \u00a0]?[[({]?(?:dot|point|punkt|punto))|\d(?:[^\p{L}\d\n]{0,3}\d){7}|\d\.\d{1,3}\.\d{1,3}\.\d|\d[^\p{L}\d\n]?2[AB]|[23][0-9a-f]{3}:[0-9a-f]{0,4}:|[A-Z]{2}\d\d[^\p{L}\d\n]{0,3}[A-Z\d]{4}/iu;
/** In programs numbers are constants far more often than phones. */
const inCode: readonly PiiKind[] = ['email', 'iban', 'card'];

/**
 * Personal data in a text, in order and without overlaps. Where two kinds claim the same place the one that is more
 * certain has it: mail and account numbers, then addresses of machines, then numbers by the length they need.
 *
 * @param opts.language - of the document; which countries' phone numbers are looked for depends on it.
 */
export function findPii(text: string, opts: { kinds: Iterable<PiiKind>; language: string }): PiiMatch[] {
  if (!SUSPECT.test(text)) return [];
  const code = languageGroup(opts.language) === 'code';
  const kinds = new Set([...opts.kinds].filter((kind) => !code || inCode.includes(kind)));
  const matches: PiiMatch[] = [];
  let rest = text;
  for (const [kind, find] of [
    ['email', findEmails],
    ['iban', findIbans],
    ['ip', findIps],
  ] as const) {
    const found = kinds.has(kind) ? find(rest) : [];
    matches.push(...found);
    rest = withoutMatches(rest, found);
  }
  matches.push(...findNumbers(rest, { kinds, countries: phoneCountries(opts.language), code }));
  return matches.sort((a, b) => a.start - b.start);
}

/** A letter that ends words and numbers, and is a part of none. */
const MASK = 'ʬ';

/** Found places become letters, so that what follows neither sees them nor changes its offsets. */
function withoutMatches(text: string, matches: readonly PiiMatch[]): string {
  if (matches.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of [...matches].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, start), MASK.repeat(end - start));
    at = end;
  }
  return parts.join('') + text.slice(at);
}
