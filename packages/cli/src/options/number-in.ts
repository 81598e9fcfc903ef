import { InvalidArgumentError } from 'commander';

/** Reads a number that lies in [low, high], for commander. */
export function numberIn(
  low: number,
  high: number,
  opts: { whole?: boolean } = {},
): (text: string) => number {
  return (raw) => {
    const value = Number(raw);
    if (raw.trim() === '' || !(value >= low && value <= high) || (opts.whole && !Number.isInteger(value))) {
      throw new InvalidArgumentError(
        `expected ${opts.whole ? 'a whole number' : 'a number'} from ${low} to ${high}.`,
      );
    }
    return value;
  };
}
