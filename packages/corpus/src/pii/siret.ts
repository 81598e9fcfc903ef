import type { Random } from '@lucie/ledger';
import { digitsOf, freeAfter, GROUPING, layDigits, WIDE_GAP } from './characters.ts';
import { failingLuhn, passesLuhn } from './checksums.ts';
import type { NumberMatch } from './number-match.ts';
import { randomDigits } from './random-digits.ts';

const S = `[${GROUPING}]?`;
/** `732 829 320 00074`, `732829320/00074`, wide gaps that are all the same. */
const SIRET = new RegExp(
  `(?:\\d{3}${S}\\d{3}${S}\\d{3}(?:${S}| ?/ ?)\\d{2}${S}\\d{3}|\\d{3}(${WIDE_GAP})\\d{3}\\1\\d{3}\\1\\d{2}\\1?\\d{3}|\\d{9}${WIDE_GAP}\\d{5})(?!\\d)`,
  'y',
);
/** In pairs, where the establishment is one of the first hundred: seven pairs of anything pass both sums once in a hundred. */
const PAIRS = new RegExp(`\\d\\d(${WIDE_GAP})\\d\\d(?:\\1\\d\\d){2}\\1\\d0\\1(?:0\\d\\1\\d\\d)(?!\\d)`, 'y');
const SIREN = new RegExp(`\\d{3}${S}\\d{3}${S}\\d{3}(?!\\d)`, 'y');
const LA_POSTE = '356000000';
/** `SIREN : 123 456 789`, but not `RCS Paris 123 456 789`: the register of commerce is published to be quoted. */
const NAMED = /sirene?\b[^\d\n]{0,25}$/i;
/** `…, dont le siège social est situé`: only a legal person has a seat, and agreements have to name it by its number. */
const SEAT = /^[\s.,;)]{0,3}(?:et )?(?:dont |ayant )?(?:le |son )?si[èe]ge\b/i;

/**
 * The French establishment number at this place: 14 digits that pass Luhn's check, as do the first nine; La Poste's
 * establishments have a sum divisible by five instead.
 */
export function matchSiret(text: string, start: number): NumberMatch | undefined {
  SIRET.lastIndex = start;
  PAIRS.lastIndex = start;
  const whole = (SIRET.exec(text) ?? PAIRS.exec(text))?.[0];
  if (!whole || !freeAfter(text, start + whole.length)) return undefined;
  const value = digitsOf(whole);
  return isSiret(value) ? { end: start + whole.length, value } : undefined;
}

function isSiret(digits: string): boolean {
  if (digits.endsWith('00000') || /^0{5}/.test(digits) || !passesLuhn(digits.slice(0, 9))) return false;
  if (passesLuhn(digits)) return true;
  return digits.startsWith(LA_POSTE) && [...digits].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0;
}

/** The French company number at this place, where the text calls it one: nine digits alone are too often something else. */
export function matchSiren(text: string, start: number): NumberMatch | undefined {
  SIREN.lastIndex = start;
  const whole = SIREN.exec(text)?.[0];
  if (!whole || !freeAfter(text, start + whole.length)) return undefined;
  const value = digitsOf(whole);
  if (/^0{5}/.test(value) || !passesLuhn(value)) return undefined;
  const end = start + whole.length;
  const named = NAMED.test(text.slice(Math.max(0, start - 40), start));
  return named && !SEAT.test(text.slice(end, end + 40)) ? { end, value } : undefined;
}

/** Digits of which neither the first nine nor all pass Luhn's check: INSEE gives no such number. */
export function siretPseudonym(random: Random, original: string): string {
  const places = digitsOf(original).length;
  const company = failingLuhn(`${3 + random.below(6)}${randomDigits(random, 8)}`);
  if (places === 9) return layDigits(original, company);
  const tail = `000${10 + random.below(89)}`;
  const whole = company + tail;
  return layDigits(
    original,
    passesLuhn(whole) ? company + tail.slice(0, 4) + ((Number(tail[4]) + 1) % 10) : whole,
  );
}
