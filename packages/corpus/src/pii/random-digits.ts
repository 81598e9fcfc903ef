import type { Random } from '@lucie/ledger';

/** That many random digits. */
export function randomDigits(random: Random, count: number): string {
  let digits = '';
  for (let i = 0; i < count; i++) digits += random.below(10);
  return digits;
}

/** One of the items. */
export function oneOf<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)]!;
}
