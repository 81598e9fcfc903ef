import { LucieError } from '@lucie/ledger';

/** One of several processes that share the units of a step. */
export interface Shard {
  /** From 1 on. */
  index: number;
  of: number;
}

/** Everything. */
export const wholeShard: Shard = { index: 1, of: 1 };

/**
 * Reads `2/8`.
 * @throws LucieError `SHARD_INVALID`
 */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const shard = { index: Number(match?.[1]), of: Number(match?.[2]) };
  if (match && shard.index >= 1 && shard.index <= shard.of) return shard;
  throw new LucieError({
    code: 'SHARD_INVALID',
    found: `the shard ${text}`,
    expected: 'i/n with 1 ≤ i ≤ n, e.g. 2/8',
    todo: 'correct --shard',
    exitCode: 2,
  });
}

/** The units of a shard: every n-th, so that neighbours of like size are spread. */
export function unitsOfShard<T>(units: readonly T[], shard: Shard): T[] {
  return units.filter((_, i) => i % shard.of === shard.index - 1);
}
