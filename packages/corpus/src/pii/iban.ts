import type { Random } from '@lucie/ledger';
import { countrySpecs } from 'ibantools';
import { freeAfter, GROUPING } from './characters.ts';
import { mod97 } from './checksums.ts';
import type { PiiMatch } from './kinds.ts';

const START = new RegExp(
  `(?:(?<![\\p{L}\\p{N}])|(?<=(?<![\\p{L}\\p{N}])iban))[A-Z]{2}[${GROUPING}]?\\d[${GROUPING}]?\\d(?=[${GROUPING}\\t]{0,3}[A-Z0-9])`,
  'giu',
);
const GROUP = new RegExp(`[${GROUPING}\\t]`);
/** Characters that may stand between two groups: two spaces, a dash between spaces. */
const GAP = 3;

/** Bank account numbers whose country's length and form and whose remainder by 97 are right (ISO 13616). */
export function findIbans(text: string): PiiMatch[] {
  const matches: PiiMatch[] = [];
  let free = 0;
  for (const { index } of text.matchAll(START)) {
    if (index < free) continue;
    const country = countrySpecs[text.slice(index, index + 2).toUpperCase() as 'FR'];
    const length = country?.IBANRegistry ? country.chars : undefined;
    const end = length ? endOf(text, index, length) : undefined;
    if (end === undefined || !freeAfter(text, end)) continue;
    const value = electronic(text.slice(index, end));
    if (mod97(numeric(value)) !== 1 || !new RegExp(country?.bban_regexp ?? '^$').test(value.slice(4)))
      continue;
    matches.push({ kind: 'iban', start: index, end, value });
    free = end;
  }
  return matches;
}

/** Where the wanted number of letters and digits is reached, with a few separators before each. */
function endOf(text: string, start: number, length: number): number | undefined {
  let at = start;
  for (let count = 0; count < length; count++) {
    if (count > 0) for (let gap = 0; gap < GAP && GROUP.test(text[at] ?? ''); gap++) at++;
    if (!/[A-Za-z0-9]/.test(text[at] ?? '')) return undefined;
    at++;
  }
  return at;
}

function electronic(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '').toUpperCase();
}

/** Country and check digits moved to the end, letters as 10 to 35. */
function numeric(iban: string): string {
  return `${iban.slice(4)}${iban.slice(0, 4)}`.replace(/[A-Z]/g, (letter) => `${letter.charCodeAt(0) - 55}`);
}

/** The same country and form with another account and check digits that are wrong, so that no bank can have issued it. */
export function ibanPseudonym(random: Random, original: string): string {
  let drawn: string;
  do {
    const account = original.slice(2).replace(/[A-Za-z0-9]/g, (old) => {
      if (/\d/.test(old)) return `${random.below(10)}`;
      const letter = String.fromCharCode(65 + random.below(26));
      return old === old.toUpperCase() ? letter : letter.toLowerCase();
    });
    drawn = original.slice(0, 2) + account;
  } while (mod97(numeric(electronic(drawn))) === 1);
  return drawn;
}
