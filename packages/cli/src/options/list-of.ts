import { InvalidArgumentError } from 'commander';

/** Reads `a,b,c`, for commander. */
export function listOf(raw: string): string[] {
  const items = raw.split(',').map((item) => item.trim());
  if (items.includes('')) throw new InvalidArgumentError('expected names with commas between them.');
  return items;
}
