import { InvalidArgumentError } from 'commander';

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Ten years: longer is a slip of the finger. */
const LONGEST = 3650 * 86_400_000;

/** Reads `30m`, `8h` or `90d` as milliseconds, for commander. */
export function duration(raw: string): number {
  const [, number, unit] = /^([1-9]\d{0,6})([mhd])$/.exec(raw) ?? [];
  const milliseconds = Number(number) * UNITS[unit ?? '']!;
  if (!(milliseconds <= LONGEST)) {
    throw new InvalidArgumentError('expected a whole number of minutes, hours or days, e.g. 30m, 8h, 90d.');
  }
  return milliseconds;
}
