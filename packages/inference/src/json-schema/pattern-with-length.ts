import { MOST_TIMES } from './gbnf-text.ts';

/** One class of characters over and over: `^[a-z]+$`, `^\d{2,}$`. */
const REPEATED =
  /^\^(?<characters>\[(?:[^\]\\]|\\.)+\]|\\[dDwWsS]|\.)(?<times>[*+?]|\{(?<from>\d+)(?<open>,(?<to>\d*))?\})?\$$/u;

/**
 * A pattern for what another one finds of these lengths, in code points; undefined where a grammar has no simple way to
 * count, or nothing is left.
 */
export function patternWithLength(pattern: string, least: number, most: number): string | undefined {
  const { characters, times, from, open, to } = REPEATED.exec(pattern)?.groups ?? {};
  if (characters === undefined) return undefined;
  const ownLeast = from !== undefined ? Number(from) : times === undefined || times === '+' ? 1 : 0;
  const unbounded = times === '*' || times === '+' || (open !== undefined && to === '');
  const ownMost = unbounded ? Infinity : to ? Number(to) : from !== undefined ? Number(from) : 1;
  const [low, high] = [Math.max(least, ownLeast), Math.min(most, ownMost, MOST_TIMES)];
  return low > high ? undefined : `^${characters}{${low},${high}}$`;
}
