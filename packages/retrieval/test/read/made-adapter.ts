import { Random } from '@lucie/ledger';
import type { Adapter } from '../../src/read/adapter.ts';
import type { E5File } from '../../src/read/e5-file.ts';

/** A random adapter for some modules of a base: by default all its linear layers. */
export function madeAdapter(
  { config, tensors }: E5File,
  {
    base,
    rank = 2,
    alpha = 4,
    seed = 1,
    scale = 0.05,
    only = /^encoder/,
  }: {
    base: string;
    rank?: number;
    alpha?: number;
    seed?: number;
    /** Size of B's values: 0 changes nothing. */
    scale?: number;
    only?: RegExp;
  },
): Adapter {
  const random = new Random(seed);
  const values = (length: number, size: number) =>
    Float32Array.from({ length }, () => random.normal() * size);
  const pairs = new Map(
    [...tensors.values()]
      .filter(({ dtype, huggingFaceName }) => dtype === 'Q4_0' && only.test(huggingFaceName))
      .map(({ huggingFaceName, shape }) => [
        huggingFaceName.replace(/\.weight$/, ''),
        { A: values(rank * shape[1]!, 0.05), B: values(rank * shape[0]!, scale) },
      ]),
  );
  const classifier = { weight: values(2 * config.hidden_size, 0.1), bias: values(2, 0.1) };
  return {
    rank,
    alpha,
    base,
    data: { 'b.json': 'b'.repeat(64), 'a.json': 'a'.repeat(64) },
    seed,
    pairs,
    classifier,
  };
}
