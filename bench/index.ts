import type { Progress } from '@lucie/ledger';
import { benchDedup } from './dedup/bench-dedup.ts';
import type { BenchReport } from './report.ts';
import { benchServe } from './serve/bench-serve.ts';
import { benchTrain } from './train/bench-train.ts';

export type { BenchReport, BenchResult } from './report.ts';
export { formatTable } from './tables.ts';
export { benchDedup, benchServe, benchTrain };

/** What every bench takes; `data` (a file or folder of the caller's own) and `split` only those that say so. */
export interface BenchOptions {
  runs: number;
  progress: Progress;
  data?: string;
  /** Which questions of a benchmark, where it has several lists of them. */
  split?: string;
}

/** Every bench by its name on the command line. */
export const benches: Record<string, (opts: BenchOptions) => Promise<BenchReport>> = {
  train: benchTrain,
  dedup: benchDedup,
  serve: benchServe,
  // Loaded when it is asked for: documents and their search concern no other bench.
  rag: async (opts) => (await import('./rag/bench-rag.ts')).benchRag(opts),
};
