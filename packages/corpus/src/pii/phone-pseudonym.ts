import type { Random } from '@lucie/ledger';
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { digitsOf, layDigits } from './characters.ts';
import { oneOf, randomDigits } from './random-digits.ts';

/**
 * Numbers that regulators keep for films and books, without the country's code: beginning, then how many digits.
 * FR: Arcep, decision 2018-0881, annex 1 §2.5.12. GB: Ofcom, numbers for drama use. US: NANPA, 555-0100 to 555-0199.
 * DE: Bundesnetzagentur, Mitteilung 148/2021.
 */
const fictional: Record<string, { start: string; free: number; like: RegExp }[]> = {
  '33': [
    { start: '19900', free: 4, like: /^[19]/ },
    { start: '26191', free: 4, like: /^2/ },
    { start: '35301', free: 4, like: /^3/ },
    { start: '46571', free: 4, like: /^4/ },
    { start: '53649', free: 4, like: /^5/ },
    { start: '63998', free: 4, like: /^[67]/ },
  ],
  '44': [
    { start: '2079460', free: 3, like: /^2/ },
    { start: '1134960', free: 3, like: /^1..[^6]/ },
    { start: '1632960', free: 3, like: /^1/ },
    { start: '7700900', free: 3, like: /^7/ },
  ],
  '49': [
    { start: '3023125', free: 3, like: /^3/ },
    { start: '6990009', free: 3, like: /^[67]/ },
    { start: '4066969', free: 3, like: /^[45]/ },
    { start: '2214710', free: 3, like: /^2/ },
    { start: '8999998', free: 3, like: /^[89]/ },
    { start: '17139200', free: 2, like: /^1[567]\d{8}$/ },
    { start: '176040690', free: 2, like: /^1[567]\d{9}$/ },
  ],
  '1': [
    '202',
    '212',
    '303',
    '312',
    '404',
    '415',
    '503',
    '512',
    '602',
    '617',
    '702',
    '713',
    '805',
    '816',
    '916',
  ].map((area) => ({ start: `${area}55501`, free: 2, like: /^/ })),
};

/** Whether a regulator keeps the number for fiction. Any area of the United States has its 555-01xx. */
export function isFictional(countryCode: string, national: string): boolean {
  if (countryCode === '1') return /^\d{3}55501\d\d$/.test(national);
  return (fictional[countryCode] ?? []).some(
    ({ start, free }) => national.startsWith(start) && national.length === start.length + free,
  );
}

/**
 * A number of the same country in the layout of the original: one kept for fiction where the country has such, else one
 * of the same length that its numbering plan gives to nobody.
 *
 * @param opts.value - the original in E.164.
 * @param opts.countries - whose national numbers are looked for in the document.
 */
export function phonePseudonym(
  random: Random,
  original: string,
  opts: { value: string; attempt: number; countries: readonly CountryCode[] },
): string {
  const number = parsePhoneNumberFromString(opts.value);
  const code = number?.countryCallingCode ?? '';
  const national = number?.nationalNumber ?? digitsOf(opts.value);
  const blocks = fictional[code];
  if (!blocks)
    return replaceNational(
      original,
      national,
      unassigned(random, code, { national, countries: opts.countries }),
    );
  const alike = blocks.filter(({ like }) => opts.attempt > 100 || like.test(national));
  const { start, free } = oneOf(random, alike.length > 0 ? alike : blocks);
  return replaceNational(original, national, start + randomDigits(random, free));
}

/**
 * Digits that are no number in the country's plan, nor in any where they could be read: the first digit stays where that
 * is possible.
 */
function unassigned(
  random: Random,
  code: string,
  opts: { national: string; countries: readonly CountryCode[] },
): string {
  const { national, countries } = opts;
  for (let attempt = 0; attempt < 600; attempt++) {
    const kept = attempt < 100 ? national.slice(0, 1) : '';
    const digits = kept + randomDigits(random, national.length - kept.length);
    const written = digits.startsWith('0') || code === '34' || code === '39' ? digits : `0${digits}`;
    // Behind a word of calling ten digits are taken for French ones without a plan.
    if (/^0[1-79]\d{8}$/.test(written)) continue;
    if (digits === national || parsePhoneNumberFromString(`+${code}${digits}`)?.isValid()) continue;
    if (!countries.some((country) => parsePhoneNumberFromString(written, country)?.isValid())) return digits;
  }
  return `00${randomDigits(random, national.length - 2)}`;
}

/** The last digits of what is written are the national number; what stands before (`+33 (0)`, `0`) stays. */
function replaceNational(original: string, national: string, digits: string): string {
  const places = original.match(/\d/g)!.length;
  let prefix = Math.max(0, places - national.length);
  let at = 0;
  for (; prefix > 0; at++) if (/\d/.test(original[at]!)) prefix--;
  const rest = original.slice(at);
  return (
    original.slice(0, at) + (digits.length < national.length ? cut(rest, digits) : layDigits(rest, digits))
  );
}

function cut(template: string, digits: string): string {
  let count = 0;
  for (let i = 0; i < template.length; i++)
    if (/\d/.test(template[i]!) && ++count === digits.length)
      return layDigits(template.slice(0, i + 1), digits);
  return digits;
}
