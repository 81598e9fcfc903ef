import type { Progress } from '@lucie/ledger';
import { benchDedup } from './dedup/bench-dedup.ts';
import type { BenchReport } from './report.ts';
import { benchServe } from './serve/bench-serve.ts';
import { benchTrain } from './train/bench-train.ts';

export type { BenchReport, BenchResult } from './report.ts';
export { benchDedup, benchServe, benchTrain };

/** What every bench takes; `data` (a file or folder of the caller's own) only those that say so. */
export interface BenchOptions {
  runs: number;
  progress: Progress;
  data?: string;
}

/** Every bench by its name on the command line. */
export const benches: Record<string, (opts: BenchOptions) => Promise<BenchReport>> = {
  train: benchTrain,
  dedup: benchDedup,
  serve: benchServe,
};
