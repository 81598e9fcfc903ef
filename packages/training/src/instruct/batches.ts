import { Random } from '@lucie/ledger';
import { IGNORE } from '@lucie/model';
import type { Batch } from '../batch.ts';
import type { Example } from './example.ts';

/** Batches whose examples are put in order of length together. */
const POOL = 32;

/**
 * Groups examples of like length into batches of at most `tokensPerBatch` ids, padding included, so that little is
 * padding and no example sees another. Within a pool of neighbours in training order, batches are shuffled.
 * @returns for each batch the indices of its examples
 */
export function planBatches(
  lengths: readonly number[],
  opts: { tokensPerBatch: number; seed: number },
): number[][] {
  const { tokensPerBatch, seed } = opts;
  const random = new Random(seed, 'instruct/batches');
  const batches: number[][] = [];
  let pool: number[] = [];
  let tokens = 0;
  const empty = () => {
    pool.sort((a, b) => lengths[a]! - lengths[b]! || a - b);
    batches.push(...random.shuffle(cut(pool, lengths, tokensPerBatch)));
    pool = [];
    tokens = 0;
  };
  for (const [i, length] of lengths.entries()) {
    pool.push(i);
    tokens += length;
    if (tokens >= POOL * tokensPerBatch) empty();
  }
  if (pool.length > 0) empty();
  return batches;
}

/** @param pool - indices by rising length */
function cut(pool: number[], lengths: readonly number[], tokensPerBatch: number): number[][] {
  const batches: number[][] = [];
  let batch: number[] = [];
  for (const i of pool) {
    if (batch.length > 0 && (batch.length + 1) * lengths[i]! > tokensPerBatch) {
      batches.push(batch);
      batch = [];
    }
    batch.push(i);
  }
  batches.push(batch);
  return batches;
}

/** Inputs and targets of some examples, padded on the right; only answers and their end count in the loss. */
export function toBatch(examples: readonly Example[], pad: number): Batch {
  const time = Math.max(...examples.map(({ ids }) => ids.length)) - 1;
  const ids = new BigInt64Array(examples.length * time).fill(BigInt(pad));
  const targets = new BigInt64Array(ids.length).fill(BigInt(IGNORE));
  for (const [row, example] of examples.entries()) {
    for (let i = 0; i + 1 < example.ids.length; i++) {
      ids[row * time + i] = BigInt(example.ids[i]!);
      if (example.mask[i + 1]) targets[row * time + i] = BigInt(example.ids[i + 1]!);
    }
  }
  return { shape: [examples.length, time], ids, targets };
}
