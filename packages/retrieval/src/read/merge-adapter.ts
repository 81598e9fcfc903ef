import { setImmediate as breathe } from 'node:timers/promises';
import { type Adapter, type LoraPair, OUTPUTS } from './adapter.ts';
import type { E5File } from './e5-file.ts';
import { quantizeQ4 } from './q4.ts';
import { broken } from './reader-error.ts';

/**
 * The matrices that an adapter changes, as they are packed: Q4_0(W + (alpha/rank)·B·A) by their names in the base. Two
 * seconds for the whole encoder; other work goes on in between.
 * @param path - of the adapter, for errors
 * @throws LucieError `READER_BROKEN` for an adapter that does not fit the base
 */
export async function mergeAdapter(
  base: E5File,
  adapter: Adapter,
  path: string,
): Promise<Map<string, Uint8Array>> {
  const names = new Map(
    [...base.tensors]
      .filter(([, { dtype }]) => dtype === 'Q4_0')
      .map(([name, { huggingFaceName }]) => [huggingFaceName.replace(/\.weight$/, ''), name]),
  );
  const { hidden_size } = base.config;
  if (adapter.classifier.weight.length !== OUTPUTS * hidden_size)
    throw broken(path, `a head for vectors of ${adapter.classifier.weight.length / OUTPUTS} values`);
  const merged = new Map<string, Uint8Array>();
  for (const [module, pair] of adapter.pairs) {
    const name = names.get(module);
    if (name === undefined) throw broken(path, `a change of ${module}, which is no matrix of the base`);
    const { shape, values } = base.tensors.get(name)!;
    const [rows, columns] = shape as [number, number];
    if (pair.B.length !== rows * adapter.rank || pair.A.length !== adapter.rank * columns)
      throw broken(path, `a change of another size for ${module}`);
    try {
      merged.set(name, quantizeQ4(add(values(), pair, adapter)));
    } catch (cause) {
      throw broken(path, `values for ${module} that are too large`, cause);
    }
    await breathe();
  }
  return merged;
}

/** W + (alpha/rank)·B·A, in W's place. */
function add(weights: Float32Array, { A, B }: LoraPair, { rank, alpha }: Adapter): Float32Array {
  const columns = A.length / rank;
  const change = new Float64Array(columns);
  for (let row = 0; row < B.length / rank; row++) {
    change.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = (alpha / rank) * B[row * rank + r]!;
      if (factor === 0) continue;
      for (let i = 0; i < columns; i++) change[i]! += factor * A[r * columns + i]!;
    }
    for (let i = 0; i < columns; i++) weights[row * columns + i]! += change[i]!;
  }
  return weights;
}
