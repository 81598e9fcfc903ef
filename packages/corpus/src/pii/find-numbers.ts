import type { CountryCode } from 'libphonenumber-js/max';
import { matchCard } from './card.ts';
import { freeBefore, PHONE_MARKS, SEPARATORS } from './characters.ts';
import type { PiiKind, PiiMatch } from './kinds.ts';
import { matchNir } from './nir.ts';
import type { NumberMatch } from './number-match.ts';
import { matchPhone } from './phone.ts';
import { matchSiren, matchSiret } from './siret.ts';

/** Digits with at most three separators between; the letter of a Corsican department may stand behind. */
const RUN = new RegExp(`(?:[+(]{1,2}|\\+ )?\\d(?:[${SEPARATORS}${PHONE_MARKS}]{0,3}\\d)*`, 'g');
const GROUP = /(?:[+(]{1,2}|\+ )?\d+/g;
/** Below this no kind can be there, but for a social security number cut by its 2A or 2B. */
const DIGITS = 8;
/** Between two numbers of a list, of which the first has been found. */
const LIST = /^[\s/,;-]{1,3}$/;
/** Numbers of books, articles and records, which many checks would let pass. */
const OTHER_NUMBER =
  /\b(?:isbn|issn|ean|gtin|doi|celex|oclc|orcid|arxiv|pmid|eli|ecli|iso|din|jis(?: x)?)(?:-1[03])?[\s:/.)]{0,3}$/i;

/** Numbers whose digits are checked, at each place where a group of digits begins: the longest and most specific kind first. */
export function findNumbers(
  text: string,
  opts: { kinds: ReadonlySet<PiiKind>; countries: readonly CountryCode[]; code: boolean },
): PiiMatch[] {
  const matches: PiiMatch[] = [];
  let free = 0;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (run.length < DIGITS && !/[AB]/i.test(text[index + run.length] ?? '')) continue;
    for (const group of run.matchAll(GROUP)) {
      const start = index + group.index;
      if (start < free) continue;
      const here = {
        ...opts,
        free: freeBefore(text, start) || (free > 0 && LIST.test(text.slice(free, start))),
      };
      const match = matchAt(text, start, here) ?? matchInside(text, start, here);
      if (!match) continue;
      matches.push(match);
      free = match.end;
    }
  }
  return matches;
}

/** Without the opening bracket that stands around the whole rather than around an area's code. */
function matchInside(text: string, start: number, opts: Parameters<typeof matchAt>[2]) {
  return text[start] === '(' ? matchAt(text, start + 1, opts) : undefined;
}

function matchAt(
  text: string,
  start: number,
  opts: { kinds: ReadonlySet<PiiKind>; countries: readonly CountryCode[]; code: boolean; free: boolean },
): PiiMatch | undefined {
  if (!opts.free || OTHER_NUMBER.test(text.slice(Math.max(0, start - 12), start))) return undefined;
  const found =
    attempt('nir', () => matchNir(text, start)) ??
    attempt('siret', () => matchSiret(text, start)) ??
    attempt('card', () => matchCard(text, start, opts)) ??
    attempt('phone', () => matchPhone(text, start, opts.countries)) ??
    attempt('siren', () => matchSiren(text, start));
  if (!found) return undefined;
  // A bracket opened and not closed belongs to the sentence.
  const written = text.slice(start, found.end);
  return written.split('(').length === written.split(')').length ? found : undefined;

  function attempt(kind: PiiKind, match: () => NumberMatch | undefined): PiiMatch | undefined {
    const number = opts.kinds.has(kind) ? match() : undefined;
    return number && { kind, start, end: number.end, value: number.value };
  }
}
