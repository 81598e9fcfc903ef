import { LucieError } from '@lucie/ledger';

/**
 * The vector of the same direction and of length 1; the given one stays as it is.
 * @param from - who gave it, for the error message
 * @throws LucieError `EMBEDDER_ANSWER` for another dimension, a number that is none, or no direction at all
 */
export function unitVector(
  vector: ArrayLike<number>,
  { dimension, from }: { dimension: number; from: string },
): Float32Array {
  const unit = Float32Array.from(vector);
  const length = Math.hypot(...unit);
  if (unit.length === dimension && length > 0 && Number.isFinite(length))
    return unit.map((value) => value / length);
  throw new LucieError({
    code: 'EMBEDDER_ANSWER',
    found: unit.length === dimension ? 'a vector without a direction' : `a vector of ${unit.length} numbers`,
    expected: `${dimension} finite numbers from ${from}`,
    todo: 'check which model answers there',
  });
}
