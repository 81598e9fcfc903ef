import type { Random } from '@lucie/ledger';
import { countrySpecs } from 'ibantools';
import { freeAfter, GROUPING } from './characters.ts';
import { mod97 } from './checksums.ts';
import type { PiiMatch } from './kinds.ts';
import { randomDigits } from './random-digits.ts';

const START = new RegExp(
  `(?<![\\p{L}\\p{N}])[A-Z]{2}[${GROUPING}]?\\d[${GROUPING}]?\\d(?=[${GROUPING}]?[A-Z0-9])`,
  'giu',
);
const GROUP = new RegExp(`[${GROUPING}]`);

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

/** Where the wanted number of letters and digits is reached, with at most one separator before each. */
function endOf(text: string, start: number, length: number): number | undefined {
  let at = start;
  for (let count = 0; count < length; count++) {
    if (count > 0 && GROUP.test(text[at] ?? '')) at++;
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
  const country = electronic(original).slice(0, 2);
  let digits: string;
  do {
    const places = original.slice(2).match(/\d/g)?.length ?? 0;
    digits = `${10 + random.below(80)}${randomDigits(random, places - 2)}`;
  } while (mod97(numeric(electronic(withDigits(original, digits)))) === 1);
  return country === '' ? original : withDigits(original, digits);
}

/** Digits for digits; the letters of the account give way to random ones drawn from its own digits. */
function withDigits(original: string, digits: string): string {
  let next = 0;
  const body = original.slice(2).replace(/\d/g, () => digits[next++]!);
  let letter = 0;
  const scrambled = body.replace(/[A-Za-z]/g, (old) => {
    const base = old === old.toUpperCase() ? 65 : 97;
    const shift = (digits.charCodeAt(letter++ % digits.length) - 48) * 2 + 3;
    return String.fromCharCode(base + ((old.toUpperCase().charCodeAt(0) - 65 + shift) % 26));
  });
  return original.slice(0, 2) + scrambled;
}
