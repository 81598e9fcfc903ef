import type { Progress } from '@lucie/ledger';

/**
 * One step of the pipeline, cut into units that can run anywhere and in any order. A unit is a function of its step
 * (name, version, options), its own key and the units that it reads: how units are shared among processes, shards or
 * machines never shows in the bytes.
 */
export interface Step {
  /** Also the folder's name. */
  name: string;
  /** Raised whenever a unit's files would change for the same options and inputs. */
  version: number;
  /** Plain JSON, only what this step looks at: another option elsewhere leaves its finished units standing. */
  options: unknown;
  /** True for a step of one unit whatever the corpus: one process makes it. */
  single?: boolean;
  /** Its units, in the order of the corpus. Called when every earlier step is complete. */
  units(before: Finished): Promise<Unit[]> | Unit[];
  /** Writes the unit's files into `context.out`, which gets its final name when this returns. */
  run(unit: Unit, context: UnitContext): Promise<void>;
}

export interface Unit {
  /** Usable as a folder name, unique in the step, the same however many shards there are. */
  name: string;
  /** What it depends on besides options and the units it reads, e.g. the hash of an input file. Plain JSON. */
  key?: unknown;
  /** What it reads: `<step>/<unit>` for one unit, `<step>` for all units of a step. */
  reads: string[];
}

/** Earlier steps, all of them complete. */
export interface Finished {
  /** Names of the units of a step, in the order of the corpus. */
  units(step: string): string[];
  /** Folder of a unit's files. */
  dir(step: string, unit: string): string;
}

export interface UnitContext extends Finished {
  /** Where this unit writes: empty, renamed when the unit is complete. */
  out: string;
  progress: Progress;
  /** Ctrl-C: stop and throw `signal.reason`; the unit begins anew next time. */
  signal: AbortSignal;
  /** Bytes that one unit may hold in memory, beyond the program itself. */
  memoryBytes: number;
}
