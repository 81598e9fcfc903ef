import { literal, oneOf } from './gbnf-text.ts';

const MOST_LISTED = 1000n;
const LARGEST_FACTOR = 100;
const LONGEST = 9;

/** Multiples of `factor` between two bounds, each written out; undefined when there are more than 1,000. */
export function listedMultiples(factor: bigint, least: bigint, most: bigint): string | undefined {
  const floor = least / factor - (least < 0n && least % factor !== 0n ? 1n : 0n);
  const first = floor * factor < least ? (floor + 1n) * factor : floor * factor;
  if (first > most || (most - first) / factor >= MOST_LISTED) return undefined;
  const all: string[] = [];
  for (let value = first; value <= most; value += factor) all.push(literal(String(value)));
  return oneOf(all);
}

/**
 * Rules for the multiples of a small factor of up to nine digits: one rule for each remainder of what has been written
 * and number of digits that may follow.
 * @param define - takes a rule's text, returns its name
 * @returns undefined when the factor is too large
 */
export function multiplesOf(factor: number, define: (body: string) => string): string | undefined {
  if (factor > LARGEST_FACTOR) return undefined;
  // From the last digit back to the first, so that each rule knows the names that it needs.
  let after: string[] = Array.from({ length: factor }, () => '');
  for (let room = 1; room < LONGEST; room++) {
    after = after.map((_, remainder) => {
      const ways = waysFrom(remainder, factor, after, 0);
      return define(remainder === 0 ? `${ways} | ""` : ways);
    });
  }
  return `("0" | "-"? ${oneOf([waysFrom(0, factor, after, 1)])})`;
}

function waysFrom(remainder: number, factor: number, after: readonly string[], firstDigit: number): string {
  const ways: string[] = [];
  for (let digit = firstDigit; digit <= 9; digit++) {
    const next = (remainder * 10 + digit) % factor;
    if (after[next] === '' && next !== 0) continue;
    ways.push(`"${digit}" ${after[next]}`.trim());
  }
  return ways.length > 0 ? `(${ways.join(' | ')})` : '[^\\x00-\\U0010FFFF]';
}
