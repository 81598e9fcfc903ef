import { InvalidArgumentError } from 'commander';

const UNITS: Record<string, number> = { M: 1e6, G: 1e9, T: 1e12 };

/** Reads `500M`, `6G` or `1.5T` (powers of ten, as disks count) as bytes, for commander. */
export function byteSize(raw: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([MGT])B?$/i.exec(raw.trim()) ?? [];
  const bytes = Number(number) * UNITS[unit?.toUpperCase() ?? '']!;
  if (!(bytes >= 1e6)) throw new InvalidArgumentError('expected a size such as 500M, 20G or 1.5T.');
  return Math.floor(bytes);
}
