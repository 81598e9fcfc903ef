import type { BenchResult } from '../report.ts';
import { compareHalves, type ServeBench } from './compare-halves.ts';
import { checked, tokensPerSecond } from './figures.ts';
import { DRAWN, firstRequests, GREEDY, throughputRequests } from './workload.ts';

/** What ours should reach beside llama-server, by parallel requests. */
const BARS: Readonly<Record<number, number>> = { 1: 1, 4: 1.05, 8: 1.05 };

/** Tokens per second while some requests are always under way; with the most of them also drawn at random. */
export async function throughput(bench: ServeBench): Promise<BenchResult[]> {
  const { sizes } = bench;
  const model = modelName(bench.model);
  // To choose among the peer's settings.
  const short = { ...sizes, rounds: 1 };
  const results: BenchResult[] = [];
  const rows = [
    ...sizes.parallel.map((parallel) => ({ parallel, sampling: GREEDY, bar: BARS[parallel], note: '' })),
    { parallel: Math.max(...sizes.parallel), sampling: DRAWN, bar: undefined, note: ', drawn at random' },
  ];
  for (const { parallel, sampling, bar, note } of rows) {
    const name = `tokens/s at ${parallel} parallel${note}`;
    const figure = {
      ...({ name, unit: 'tokens/s', better: 'higher' } as const),
      ...(bar === undefined ? {} : { bar }),
      of: ({ requests }: { requests: Parameters<typeof tokensPerSecond>[0] }) => tokensPerSecond(requests),
    };
    results.push(
      ...(await compareHalves(bench, [figure], {
        label: name,
        work: (run) => ({
          warm: firstRequests(model),
          requests: throughputRequests(parallel, { sizes: run === 0 ? short : sizes, model, run, sampling }),
          workers: parallel,
        }),
        check: (half, { requests }) => void checked(half.label, requests, { tokens: sizes.tokens }),
      })),
    );
  }
  return results;
}

/** The name under which our server offers a file. */
export function modelName(path: string): string {
  return path
    .split('/')
    .at(-1)!
    .replace(/\.gguf$/, '');
}
