import { literal, oneOf, times } from './gbnf-text.ts';

/** Integers beyond ±(2^53 − 1) lose digits when JSON is read as doubles. */
export const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** Decimals of so many digits become distinct doubles (IEEE 754, binary64). */
const DIGITS = 15;

/** GBNF of the whole numbers from `least` to `most`, without leading zeros; undefined when there are none. */
export function integersBetween(least: bigint, most: bigint): string | undefined {
  const parts: string[] = [];
  if (least < 0n) {
    const magnitudes = naturalsBetween(most < 0n ? -most : 1n, -least);
    if (magnitudes) parts.push(`"-" ${magnitudes}`);
  }
  const naturals = naturalsBetween(least > 0n ? least : 0n, most);
  if (naturals) parts.push(naturals);
  return parts.length > 0 ? oneOf(parts) : undefined;
}

function naturalsBetween(least: bigint, most: bigint): string | undefined {
  if (least > most) return undefined;
  const parts: string[] = [];
  for (let from = least; from <= most; ) {
    const longest = 10n ** BigInt(String(from).length) - 1n;
    const to = longest < most ? longest : most;
    parts.push(sameLength(String(from), String(to)));
    from = to + 1n;
  }
  return oneOf(parts);
}

/** Digit strings from `low` to `high`, which are equally long. */
function sameLength(low: string, high: string): string {
  const rest = low.length - 1;
  const anyRest = rest > 0 ? ` ${times('[0-9]', rest, rest)}` : '';
  if (/^0*$/.test(low) && /^9*$/.test(high)) return times('[0-9]', low.length, low.length);
  if (rest === 0) return digits(low, high);
  const [first, last] = [Number(low[0]), Number(high[0])];
  if (first === last) return `"${first}" ${sameLength(low.slice(1), high.slice(1))}`;
  const parts: string[] = [];
  const lowIsRound = /^.0*$/.test(low);
  const highIsRound = /^.9*$/.test(high);
  if (!lowIsRound) parts.push(`"${first}" ${sameLength(low.slice(1), '9'.repeat(rest))}`);
  const [from, to] = [lowIsRound ? first : first + 1, highIsRound ? last : last - 1];
  if (from <= to) parts.push(`${digits(String(from), String(to))}${anyRest}`);
  if (!highIsRound) parts.push(`"${last}" ${sameLength('0'.repeat(rest), high.slice(1))}`);
  return oneOf(parts);
}

function digits(low: string, high: string): string {
  return low === high ? `"${low}"` : `[${low}-${high}]`;
}

export interface Bound {
  value: number;
  exclusive: boolean;
}

/**
 * GBNF of decimal numbers between two bounds: up to 15 digits, so that what is read as doubles keeps to the bounds as
 * well; no exponents. Undefined when there are none.
 */
export function decimalsBetween(least: Bound | undefined, most: Bound | undefined): string | undefined {
  const low = least ?? { value: -(10 ** DIGITS), exclusive: true };
  const high = most ?? { value: 10 ** DIGITS, exclusive: true };
  const zero = { value: 0, exclusive: false };
  const parts: string[] = [];
  if (low.value < 0) {
    const nearest = high.value < 0 ? { ...high, value: -high.value } : { value: 0, exclusive: true };
    const magnitudes = positivesBetween(nearest, { ...low, value: -low.value });
    if (magnitudes) parts.push(`"-" ${magnitudes}`);
  }
  if (high.value >= 0) {
    const naturals = positivesBetween(low.value < 0 ? zero : low, high);
    if (naturals) parts.push(naturals);
  }
  return parts.length > 0 ? oneOf(parts) : undefined;
}

interface Ends {
  low: string | undefined;
  high: string | undefined;
  lowExclusive: boolean;
  highExclusive: boolean;
}

/** Bounds from 0. */
function positivesBetween(least: Bound, most: Bound): string | undefined {
  if (least.value > most.value) return undefined;
  const low = plain(least.value);
  const cap = 10n ** BigInt(DIGITS);
  const capped = plain(most.value);
  const high = capped.whole >= cap ? { whole: cap - 1n, fraction: '' } : capped;
  const highExclusive = most.exclusive && capped.whole < cap;
  const parts: string[] = [];
  const add = (whole: bigint, ends: Partial<Ends>) => {
    const tail = fraction(DIGITS - String(whole).length, {
      low: undefined,
      high: undefined,
      lowExclusive: least.exclusive,
      highExclusive,
      ...ends,
    });
    if (tail !== undefined) parts.push(`${literal(String(whole))} ${tail}`.trim());
  };
  if (low.whole > high.whole) return undefined;
  if (low.whole === high.whole) add(low.whole, { low: low.fraction, high: high.fraction });
  else {
    add(low.whole, { low: low.fraction });
    for (let from = low.whole + 1n; from < high.whole; ) {
      const longest = 10n ** BigInt(String(from).length) - 1n;
      const to = longest < high.whole - 1n ? longest : high.whole - 1n;
      const room = DIGITS - String(from).length;
      const tail = room > 0 ? ` ("." ${times('[0-9]', 1, room)})?` : '';
      parts.push(`${naturalsBetween(from, to)!}${tail}`);
      from = to + 1n;
    }
    add(high.whole, { high: high.fraction });
  }
  return parts.length > 0 ? oneOf(parts) : undefined;
}

/** The end of a number: nothing, or a point and at most `room` digits, between the ends. */
function fraction(room: number, ends: Ends): string | undefined {
  const parts = room > 0 ? tails(room, ends) : undefined;
  const none = holdsZero(ends);
  if (parts === undefined) return none ? '' : undefined;
  return none ? `("." ${parts})?` : `"." ${parts}`;
}

/** One digit or more. What is not written counts as zeros. */
function tails(room: number, ends: Ends): string | undefined {
  const { high } = ends;
  // Zeros are the least there is.
  const low = ends.lowExclusive || !/^0*$/.test(ends.low ?? '1') ? ends.low : undefined;
  if (low === undefined && high === undefined) return times('[0-9]', 1, room);
  const first = Number(low?.[0] ?? 0);
  const last = high === undefined ? 9 : Number(high[0] ?? 0);
  /** First digits by what may follow them. */
  const digitsBefore = new Map<string, number[]>();
  for (let digit = first; digit <= last; digit++) {
    const next: Ends = {
      ...ends,
      low: low !== undefined && digit === first ? low.slice(1) : undefined,
      high: high !== undefined && digit === last ? high.slice(1) : undefined,
    };
    const more = room > 1 ? tails(room - 1, next) : undefined;
    const none = holdsZero(next);
    if (more === undefined && !none) continue;
    const rest = more === undefined ? '' : none ? `(${more})?` : more;
    digitsBefore.set(rest, [...(digitsBefore.get(rest) ?? []), digit]);
  }
  if (digitsBefore.size === 0) return undefined;
  return oneOf([...digitsBefore].map(([rest, found]) => `[${found.join('')}] ${rest}`.trim()));
}

/** Whether nothing more, which is zeros, lies between the ends. */
function holdsZero({ low, high, lowExclusive, highExclusive }: Ends): boolean {
  const zeros = (text: string) => /^0*$/.test(text);
  const fitsLow = low === undefined || (zeros(low) && !lowExclusive);
  return fitsLow && (high === undefined || !zeros(high) || !highExclusive);
}

/** A number from 0 without an exponent: its shortest decimal form, which stands for the same double. */
function plain(value: number): { whole: bigint; fraction: string } {
  const [digitsText = '0', exponentText = '0'] = String(value).split('e');
  const [whole = '0', fractionText = ''] = digitsText.split('.');
  const exponent = Number(exponentText);
  const all = whole + fractionText;
  const point = whole.length + exponent;
  if (point <= 0) return { whole: 0n, fraction: '0'.repeat(-point) + all };
  const padded = all.padEnd(point, '0');
  return { whole: BigInt(padded.slice(0, point)), fraction: padded.slice(point) };
}
