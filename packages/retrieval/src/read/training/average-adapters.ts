import { parseArgs } from 'node:util';
import { isLucieError, LucieError } from '@lucie/ledger';
import { type Adapter, readAdapter, writeAdapter } from '../adapter.ts';

/**
 * The mean of adapters, matrix by matrix (Izmailov et al., "Averaging Weights Leads to Wider Optima", 2018). It means
 * something for runs of which one goes on from the other: then their matrices lie near each other.
 * @throws LucieError `ADAPTER_FOREIGN` for adapters of another rank, alpha, base or other matrices than the last
 */
export function averageAdapters(adapters: readonly [Adapter, ...Adapter[]]): Adapter {
  const last = adapters.at(-1)!;
  const mean = (of: (adapter: Adapter) => Float32Array | undefined): Float32Array => {
    const sum = new Float32Array(of(last)!.length);
    for (const adapter of adapters) {
      const values = of(adapter);
      if (values?.length !== sum.length || !alike(adapter, last)) throw foreign(adapter, last);
      for (const [i, value] of values.entries()) sum[i]! += value / adapters.length;
    }
    return sum;
  };
  const pairs = new Map(
    [...last.pairs.keys()].map((name) => [
      name,
      { A: mean(({ pairs }) => pairs.get(name)?.A), B: mean(({ pairs }) => pairs.get(name)?.B) },
    ]),
  );
  const weight = mean(({ classifier }) => classifier.weight);
  return { ...last, pairs, classifier: { weight, bias: mean(({ classifier }) => classifier.bias) } };
}

function alike(a: Adapter, b: Adapter): boolean {
  return a.rank === b.rank && a.alpha === b.alpha && a.base === b.base && a.pairs.size === b.pairs.size;
}

function foreign(found: Adapter, expected: Adapter): LucieError {
  const of = ({ rank, alpha, base, pairs }: Adapter) =>
    `rank ${rank}, alpha ${alpha}, ${pairs.size} matrices of ${base.slice(0, 12)}`;
  return new LucieError({
    code: 'ADAPTER_FOREIGN',
    found: `an adapter of ${of(found)}`,
    expected: of(expected),
    todo: 'average adapters of which one was trained on from the other',
  });
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true });
  try {
    const [first, ...rest] = await Promise.all(positionals.map(readAdapter));
    if (!first || !values.out) console.error('node average-adapters.ts --out FILE ADAPTER …');
    else await writeAdapter(values.out, averageAdapters([first, ...rest]), 'F16');
    if (!first || !values.out) process.exitCode = 1;
  } catch (error) {
    if (!isLucieError(error)) throw error;
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  }
}
