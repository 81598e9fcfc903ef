import { type CountryCode, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { digitsOf, freeAfter, inUrl, PHONE_MARKS, SEPARATORS } from './characters.ts';
import type { NumberMatch } from './number-match.ts';
import { isFictional } from './phone-pseudonym.ts';
import { phoneShapes } from './phone-shapes.ts';
import { isPublicService } from './public-services.ts';

/** Services that are published to be called by all: free, shared cost and premium numbers. Short ones are never looked at. */
const SERVICES = new Set(['TOLL_FREE', 'SHARED_COST', 'PREMIUM_RATE', 'UAN', 'VOICEMAIL', 'PAGER']);
/** Metropolitan France, Réunion, Guadeloupe, Guiana, Martinique. */
const FRENCH = new Set(['33', '262', '590', '594', '596']);
/** Words that announce a number to call, in the five languages. */
const CALL =
  /t[ée]l(?:[ée.:]|\b)|phon|fax|mobil|m[óo]vil|portable|handy|gsm|appel|\bcall|\bring\b|dial|llam|whats?app|\bsms\b|\btext\b|\bruf|rufn|chiam|cellul|\bcell\b|joign|joindre|contact|kontakt|contatt|erreich|numéro direct|durchwahl/i;
/** Units behind a number that is an amount. */
const AMOUNT =
  /^\s?(?:[€$£%]|eur\b|euros?\b|d[óo]lares|pesetas|pesos|habitant(?:e?s)?\b|inhabitants|einwohner|abitanti|people\b|personnes|personas|millones|toneladas|millions?\b|milliards?\b|tonnes?\b|octets|francs?\b|f\s?cfa\b|salari[ée]s|\(budget|du plan comptable|bytes|kg\b|km\b|m[²2]|metros|hect[áa]reas)/i;
/** Codes of goods, accounts and budgets: tariffs and plans of accounts are full of numbers in the form of a phone's. */
const NOT_CALLED =
  /(?:tarif|tarifs|douani(?:er|ère)s?|nomenclatures?|taric|(?:sous-)?positions?|rubriques?|comptes?|fonds|budgets?|chapitres?|codes? (?:nc|sh)|population|zolltarif|haushaltstitel)(?:[^\p{L}\n]|\b(?:et|ou|à|und|bis|and|n°)\b){0,50}$/iu;
/** `0102 29 10 00`: a heading of the tariff's first chapters (none goes beyond 14), the subheading ending in 0 or 5. */
const TARIFF = /^0[1-9](?:0\d|1[0-4])\D\d\d\D\d\d\D\d[05]$/;
/** French, whatever the plan gives out today: 08 apart, which are services. */
const FRENCH_SHAPE = /^(?:0|33)([1-79]\d{8})$/;
const FRENCH_PAIRS = /0[467]([ .\-\u00a0\u202f])\d\d(?:\1\d\d){3}/y;
const BINARY = /^[01\D]+$/;
const PAIRS = /^\(?0\d\)?(?:\D{1,3}\d\d){4}$|^\d+$/;
const INTERNATIONAL = new RegExp(`\\(?(?:\\+|00)[${SEPARATORS}]{0,2}[1-9]`, 'y');
/** A country's code and the rest as one decimal: `+48.8566140` is a latitude. */
const DECIMAL = /^\+\d{1,3}\.\d+$/;
const GROUP = new RegExp(`(?:[+(]{1,2}|\\+ )?\\d+\\)?[${SEPARATORS}${PHONE_MARKS}]{0,3}`, 'y');
const ANYTHING_BUT_DIGITS = new RegExp(`[${SEPARATORS}${PHONE_MARKS}]+$`);

/**
 * The phone number at this place: with the country's code anywhere; without it in the countries of the document's
 * language, in a way of writing usual there, or in any where the words before speak of calling. Validated against the
 * countries' plans; a French number behind such words or behind +33 needs none, as plans grow.
 */
export function matchPhone(
  text: string,
  start: number,
  countries: readonly CountryCode[],
): NumberMatch | undefined {
  const found = numberAt(text, start, countries);
  return found && !isPublicService(text, start, found.end) ? found : undefined;
}

function numberAt(text: string, start: number, countries: readonly CountryCode[]): NumberMatch | undefined {
  INTERNATIONAL.lastIndex = start;
  if (INTERNATIONAL.test(text)) return international(text, start);
  if (countries.length === 0) return undefined;
  const before = lineBefore(text, start);
  const called = CALL.test(before);
  if (!called && NOT_CALLED.test(before)) return undefined;
  for (const { countries: known, pattern, variable } of phoneShapes) {
    const possible = known.filter((country) => countries.includes(country));
    if (possible.length === 0) continue;
    pattern.lastIndex = start;
    if (!pattern.test(text)) continue;
    const end = pattern.lastIndex;
    const ends = variable ? endsOf(text, start, { most: end }) : [end];
    const found = firstValid(text, start, { ends, countries: possible });
    if (found) return !called && TARIFF.test(text.slice(start, found.end)) ? undefined : found;
  }
  if (!called) return countries.includes('FR') ? frenchPairs(text, start) : undefined;
  const ends = endsOf(text, start, {});
  return firstValid(text, start, { ends, countries }) ?? frenchByShape(text, start, ends);
}

/**
 * Five pairs apart by one and the same sign, as French numbers are written and little else is, whatever the plan gives
 * out today. The numbers of 01 to 03, 05 and 09 are given out so fully that the plan alone finds them.
 */
function frenchPairs(text: string, start: number): NumberMatch | undefined {
  FRENCH_PAIRS.lastIndex = start;
  return FRENCH_PAIRS.test(text) ? frenchByShape(text, start, [FRENCH_PAIRS.lastIndex]) : undefined;
}

/** A 0 or 33 and nine digits behind a word of calling, in any grouping. */
function frenchByShape(text: string, start: number, ends: readonly number[]): NumberMatch | undefined {
  for (const end of ends) {
    const written = text.slice(start, end);
    const value = frenchValue(digitsOf(written));
    if (!value || !stands(text, start, end)) continue;
    // Digits behind it may be its own; behind five pairs they are not.
    if (!PAIRS.test(written) && /^[^\p{L}\d\n]{0,3}\d/u.test(text.slice(end, end + 4))) continue;
    return { end, value };
  }
  return undefined;
}

/** In E.164, unless the plan knows it as a service's, or it is kept for fiction. */
function frenchValue(digits: string): string | undefined {
  const national = FRENCH_SHAPE.exec(digits)?.[1];
  if (!national || isFictional('33', national)) return undefined;
  const known = parsePhoneNumberFromString(`+33${national}`);
  return known?.isValid() && !isPersonal(known) ? undefined : `+33${national}`;
}

function international(text: string, start: number): NumberMatch | undefined {
  const called = CALL.test(lineBefore(text, start));
  for (const end of endsOf(text, start, {})) {
    const written = text.slice(start, end);
    const digits = digitsOf(written.replace(/\(0\)/, ''));
    const number = written.includes('+') ? digits : digits.slice(2);
    if (number.length < 8 || number.length > 15 || !freeAfter(text, end)) continue;
    if (isAmount(text, end, written)) continue;
    // Digits alone behind two zeros are often an identifier, and a lone point a decimal one.
    if (!called && (DECIMAL.test(written) || (written === digits && !number.startsWith('33')))) continue;
    const found = parsePhoneNumberFromString(`+${number}`);
    if (found && isPersonal(found)) return { end, value: found.number };
    const french = number.startsWith('33') ? frenchValue(number) : undefined;
    if (french) return { end, value: french };
  }
  return undefined;
}

function firstValid(
  text: string,
  start: number,
  opts: { ends: readonly number[]; countries: readonly CountryCode[] },
): NumberMatch | undefined {
  for (const end of opts.ends) {
    const written = text.slice(start, end);
    const digits = digitsOf(written);
    if (digits.length < 8 || digits.length > 13 || !stands(text, start, end)) continue;
    for (const country of opts.countries) {
      if (!hasTrunk(digits, country)) continue;
      const found = parsePhoneNumberFromString(digits, country);
      if (found && isPersonal(found)) return { end, value: found.number };
    }
  }
  return undefined;
}

/** Whether it is whole, and neither an amount nor a list nor a page's number. */
function stands(text: string, start: number, end: number): boolean {
  const written = text.slice(start, end);
  return (
    freeAfter(text, end) &&
    !isGroupOfMore(text, start, written) &&
    !isSequence(written) &&
    !BINARY.test(written) &&
    !AMOUNT.test(text.slice(end, end + 20)) &&
    !inUrl(text, start)
  );
}

/** National numbers begin with 0 but in Spain, in the United States and on Italian mobiles: `1914-1918` is none of Belgium. */
function hasTrunk(digits: string, country: CountryCode): boolean {
  if (country === 'ES' || country === 'US') return !digits.startsWith('0');
  return digits.startsWith('0') || (country === 'IT' && digits.startsWith('3'));
}

function isPersonal(number: PhoneNumber): boolean {
  if (!number.isValid() || SERVICES.has(number.getType() ?? '')) return false;
  // All that begins with 08 has a tariff of its own (Arcep, decision 2018-0881), also overseas and where no type is known.
  if (FRENCH.has(number.countryCallingCode) && number.nationalNumber.startsWith('8')) return false;
  return !isFictional(number.countryCallingCode, number.nationalNumber);
}

/** `281 474 976 710 656`: without a 0 before, the end of a longer number looks like a number to call. */
function isGroupOfMore(text: string, start: number, written: string): boolean {
  return !/^\(?0/.test(written) && /\d[ \u00a0\u202f]$/.test(text.slice(Math.max(0, start - 2), start));
}

/** `+922 337 203 685 477,58`: groups of three that go on are an amount. */
function isAmount(text: string, end: number, written: string): boolean {
  return (
    /^\+\d{1,3}(?:[ \u00a0\u202f]\d{3})+$/.test(written) &&
    /^[ \u00a0\u202f]\d{3}(?!\d)/.test(text.slice(end, end + 5))
  );
}

/** `01 02 03 04 05`, `05 10 15 20 25`, `0123456789`: a list, not a number to call. */
function isSequence(written: string): boolean {
  const found = written.match(/\d+/g)!;
  const groups = (found.length === 1 ? [...found[0]!] : found).map(Number);
  const step = groups[1]! - groups[0]!;
  return (
    groups.length >= 4 && step !== 0 && groups.every((group, i) => i === 0 || group - groups[i - 1]! === step)
  );
}

/** Where the number may end, farthest first: behind each of its groups, up to 17 digits. */
function endsOf(text: string, start: number, opts: { most?: number }): number[] {
  const ends: number[] = [];
  let at = start;
  for (let digits = 0; digits <= 17; ) {
    GROUP.lastIndex = at;
    const group = GROUP.exec(text)?.[0];
    if (!group) break;
    digits += digitsOf(group).length;
    if (digits > 17 || (opts.most !== undefined && at >= opts.most)) break;
    at += group.length;
    const end = at - (ANYTHING_BUT_DIGITS.exec(group)?.[0].length ?? 0);
    ends.unshift(opts.most === undefined ? end : Math.min(end, opts.most));
  }
  return ends;
}

/** The forty characters before, of the same line. */
function lineBefore(text: string, start: number): string {
  const before = text.slice(Math.max(0, start - 40), start);
  return before.slice(before.lastIndexOf('\n') + 1);
}
