import type { Logger } from 'pino';
import type { Progress } from './progress.ts';

/** What the result depends on besides options and inputs; recorded, and reused when a killed stage resumes. */
export type Identity = Record<string, string | number>;

/** What a running stage may use. */
export interface StageContext {
  /** The folder to write into: `<nn-stage>.partial`, renamed by the runner when the stage returns. */
  dir: string;
  /** Folders of the finished stages this one reads, by stage name. */
  inputs: Record<string, string>;
  progress: Progress;
  log: Logger;
  /** Ctrl-C: stop at the next point from which the stage can resume, and throw `signal.reason`. */
  signal: AbortSignal;
  /**
   * Records the identity on the first call in a stage's life; after a kill it returns the recorded one, so that the
   * stage can go on with the same thread count.
   */
  identity(current: Identity): Promise<Identity>;
}

export interface StageResult {
  /** Figures that cards, pages and plots are generated from. */
  facts?: Record<string, unknown>;
  /** Licences of what the output contains. */
  licences?: string[];
}

/**
 * One step of a recipe. A stage is a function of its inputs, its options and its version: the same three give the
 * same files, except below `log/`, where timings may go.
 */
export interface Stage {
  /** Lower case, e.g. `corpus`; the folder is `<nn>-<name>`. */
  name: string;
  /** Raised whenever the output for the same options and inputs would change. */
  version: number;
  /** Plain JSON. Part of the key. */
  options: unknown;
  /** Names of earlier stages that are read. */
  needs: string[];
  /** Resumes by itself from what it finds in `context.dir`. */
  run(context: StageContext): Promise<StageResult>;
}
