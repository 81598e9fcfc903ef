import type { Progress } from '@lucie/ledger';
import type { BenchReport } from './report.ts';
import { benchTrain } from './train/bench-train.ts';

export type { BenchReport, BenchResult } from './report.ts';
export { benchTrain };

/** Every bench by its name on the command line. */
export const benches: Record<string, (opts: { runs: number; progress: Progress }) => Promise<BenchReport>> = {
  train: benchTrain,
};
