import { LucieError } from '@lucie/ledger';
import type { Sample } from './order.ts';
import type { Shard } from './shards/reader.ts';

/** What a step sees, row-major; targets are the inputs' successors, or −100 where none counts. */
export interface Batch {
  /** Rows, and tokens per row. */
  shape: [number, number];
  ids: BigInt64Array;
  targets: BigInt64Array;
}

/**
 * Reads a step's samples from the shards.
 * @throws LucieError `TOKEN_OUT_OF_RANGE` for an id that the model has no embedding for
 */
export function readBatch(
  samples: Sample[],
  shards: Shard[],
  opts: { sequenceLength: number; vocabSize: number },
): Batch {
  const { sequenceLength, vocabSize } = opts;
  const ids = new BigInt64Array(samples.length * sequenceLength);
  const targets = new BigInt64Array(ids.length);
  for (const [row, { source, start }] of samples.entries()) {
    const tokens = shards[source]!.read(start, sequenceLength + 1);
    for (let i = 0; i <= sequenceLength; i++) {
      const id = tokens[i]!;
      if (id < 0 || id >= vocabSize) throw outOfRange(id, shards[source]!.prefix, vocabSize);
      if (i < sequenceLength) ids[row * sequenceLength + i] = BigInt(id);
      if (i > 0) targets[row * sequenceLength + i - 1] = BigInt(id);
    }
  }
  return { shape: [samples.length, sequenceLength], ids, targets };
}

function outOfRange(id: number, prefix: string, vocabSize: number): LucieError {
  return new LucieError({
    code: 'TOKEN_OUT_OF_RANGE',
    found: `token id ${id} in ${prefix}`,
    expected: `ids below the model's ${vocabSize}`,
    todo: 'use the shards of this model’s own tokenizer',
  });
}
