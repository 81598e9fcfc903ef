import type { Random } from '@lucie/ledger';
import { digitsOf, freeAfter, GROUPING, layDigits, WIDE_GAP } from './characters.ts';
import { mod97 } from './checksums.ts';
import type { NumberMatch } from './number-match.ts';
import { randomDigits } from './random-digits.ts';

const S = `[${GROUPING}]?`;
const KEY_GAP = `[${GROUPING}\\t/|,]{0,3}`;
const KEY_WORD = 'cl[ée](?: de contr[ôo]le)?\\s?:?\\s?';
/** `80`, `/ 80`, `clé 80`, `(clé 80)`, `(80)`. */
const KEY = `(?:${KEY_GAP}(?:\\((?:${KEY_WORD})?(?<inBrackets>\\d{2})\\)|(?:${KEY_WORD})?(?<plain>\\d{2})))?`;
/** Sex, year and month of birth, department (2A and 2B in Corsica), commune, order; key. */
const NIR = new RegExp(
  `([1-478])${S}(\\d{2})${S}(\\d{2})${S}(\\d{2}|2[AB])${S}(\\d{3})${S}(\\d{3})${KEY}(?!\\d)`,
  'iy',
);
const WIDE = new RegExp(
  `([1-478])(?<gap>${WIDE_GAP})(\\d{2})\\k<gap>(\\d{2})\\k<gap>(\\d{2}|2[AB])\\k<gap>(\\d{3})\\k<gap>(\\d{3})${KEY}(?!\\d)`,
  'iy',
);
const SOCIAL = /s[ée]cu(?:rit[ée])?\b|\bnir\b|assur[ée]|immatricul|insee|nni\b|vitale/i;

/**
 * The French social security number at this place: possible month, department, commune and order, and the key
 * (97 less the first 13 digits modulo 97; 2A counts as 19, 2B as 18). Without a key only where the text speaks of one.
 */
export function matchNir(text: string, start: number): NumberMatch | undefined {
  NIR.lastIndex = start;
  WIDE.lastIndex = start;
  const match = NIR.exec(text) ?? WIDE.exec(text);
  if (!match || !freeAfter(text, start + match[0].length)) return undefined;
  const { gap, inBrackets, plain } = match.groups!;
  const key = inBrackets ?? plain;
  const [whole, sex, ...rest] = match as unknown as string[];
  const [year, month, department, commune, order] = gap === undefined ? rest : rest.slice(1);
  if (!isMonth(Number(month)) || department === '00' || commune === '000' || order === '000')
    return undefined;
  const body = `${sex}${year}${month}${department!.toUpperCase()}${commune}${order}`;
  const end = start + whole!.length;
  if (key !== undefined) return Number(key) === keyOf(body) ? { end, value: body } : undefined;
  return SOCIAL.test(text.slice(Math.max(0, start - 60), start)) ? { end, value: body } : undefined;
}

/** 1 to 12; INSEE gives 20 and more where the month of birth is not known. */
function isMonth(month: number): boolean {
  return (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
}

function keyOf(body: string): number {
  return 97 - mod97(body.replace('2A', '19').replace('2B', '18'));
}

/** Another birth, another place; the key is wrong, or without one the order 000, which INSEE never gives. */
export function nirPseudonym(random: Random, original: string): string {
  const two = (value: number) => `${value}`.padStart(2, '0');
  const department = two(1 + random.below(95)).replace('20', '21');
  const keyed = digitsOf(original).length >= (/[AB]/i.test(original) ? 14 : 15);
  const commune = `${1 + random.below(300)}`.padStart(3, '0');
  const place = `${1 + random.below(2)}${randomDigits(random, 2)}${two(1 + random.below(12))}${department}${commune}`;
  const order = keyed ? `${1 + random.below(999)}`.padStart(3, '0') : '000';
  const body = place + order;
  const wrong = ((keyOf(body) - 1 + 1 + random.below(96)) % 97) + 1;
  return layDigits(original.replace(/[AB]/i, '1'), keyed ? body + two(wrong) : body);
}
