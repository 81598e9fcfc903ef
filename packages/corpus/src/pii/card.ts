import type { Random } from '@lucie/ledger';
import { digitsOf, freeAfter, GROUPING, layDigits, WIDE_GAP } from './characters.ts';
import { failingLuhn, passesLuhn } from './checksums.ts';
import type { NumberMatch } from './number-match.ts';
import { randomDigits } from './random-digits.ts';

const GAP = `${WIDE_GAP}|/`;
const SPACE = '[ \\t\\u00a0\\u2007\\u2009\\u202f]{1,3}';
/** Together, or in the groups printed on the cards: 4-4-4-4, with three more, 4-6-5 and 4-6-4. */
const CARD = new RegExp(
  `(?:\\d{13,19}|\\d{4}(${GAP})\\d{4}\\1\\d{4}\\1\\d{4}(?:\\1\\d{3})?|\\d{4}(${GAP})\\d{6}\\2\\d{4,5}|\\d{4}(?:${SPACE}\\d{4}){3})(?!\\d)`,
  'y',
);
/** Another group of four before or behind: a longer number, such as an account's. */
const MORE_BEFORE = new RegExp(`[\\p{L}\\d]\\d{3}(?:[${GROUPING}\\t]{1,3}|/)$`, 'u');
const MORE_AFTER = new RegExp(`^(?:[${GROUPING}\\t]{1,3}|/)\\d{4}(?!\\d)`);

/** Prefixes and lengths of the schemes (ISO/IEC 7812-1 issuers as the schemes publish them). */
const SCHEMES: { prefix: RegExp; lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^(?:30[0-5]|3[689])/, lengths: [14, 16, 19] },
  { prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] },
  { prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 19] },
  { prefix: /^62/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:50|5[6-8]|6304|6759|676[1-3])/, lengths: [16, 18, 19] },
];

/** Numbers that payment services publish for tests: they stand in manuals and open no account. */
const TEST_NUMBERS = new Set(
  '4111111111111111 4242424242424242 4012888888881881 4000056655665556 4222222222222 5555555555554444 5105105105105100 5200828282828210 2223003122003222 378282246310005 371449635398431 378734493671000 6011111111111117 6011000990139424 30569309025904 38520000023237 3530111333300000 3566002020360505'.split(
    ' ',
  ),
);

/** The payment card number at this place: a known scheme, a length of it, Luhn's check. */
export function matchCard(text: string, start: number, opts: { code: boolean }): NumberMatch | undefined {
  CARD.lastIndex = start;
  const whole = CARD.exec(text)?.[0];
  if (!whole) return undefined;
  const end = start + whole.length;
  const value = digitsOf(whole);
  // Integers of 64 bits have up to 19 digits, and tables of them are frequent in programs.
  if (opts.code && whole === value && value.length > 16) return undefined;
  if (!isCard(value) || !freeAfter(text, end)) return undefined;
  if (
    MORE_BEFORE.test(text.slice(Math.max(0, start - 8), start)) ||
    MORE_AFTER.test(text.slice(end, end + 9))
  )
    return undefined;
  return { end, value };
}

function isCard(digits: string): boolean {
  if (!passesLuhn(digits) || TEST_NUMBERS.has(digits) || /^(.)\1*$/.test(digits.slice(1))) return false;
  return SCHEMES.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits));
}

/** The scheme's first digits, then others that fail Luhn's check: no card is issued with such a number. */
export function cardPseudonym(random: Random, original: string): string {
  const digits = digitsOf(original);
  return layDigits(original, failingLuhn(digits.slice(0, 4) + randomDigits(random, digits.length - 4)));
}
