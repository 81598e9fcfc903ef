import { availableParallelism } from 'node:os';
import { LucieError, type Progress } from '@lucie/ledger';
import { runUnit } from './run-unit.ts';
import { type Shard, unitsOfShard, wholeShard } from './shard.ts';
import type { Step, UnitContext } from './step.ts';
import { countUnits, unitNotes } from './unit-notes.ts';
import { type PlannedStep, Work } from './work.ts';
import { WorkerPool, type WorkOrder } from './worker-pool.ts';

export interface RunStepsOptions {
  progress: Progress;
  signal: AbortSignal;
  /** Bytes that one unit may hold. */
  memoryBytes: number;
  /** Part of each step's units; a step goes on only when the units of all shards of the one before are there. */
  shard?: Shard;
  /** Only this step. */
  only?: string;
  /** Processes; with one, units run in this process. Needs `order`. */
  workers?: number;
  /** How worker processes build the same steps again. */
  order?: WorkOrder;
}

/**
 * Runs the steps in order, skipping the units that are there with the right key and hashes.
 * @returns the work folder's state, and the units that were made
 * @throws LucieError of a unit, `STEP_INCOMPLETE` when other shards have not finished yet
 */
export async function runSteps(
  steps: readonly Step[],
  root: string,
  opts: RunStepsOptions,
): Promise<{ work: Work; made: number; complete: boolean }> {
  const work = new Work(root);
  const shard = opts.shard ?? wholeShard;
  let made = 0;
  for (const step of steps) {
    opts.signal.throwIfAborted();
    const planned = await work.plan(step);
    const mine = opts.only === undefined || opts.only === step.name;
    if (mine) made += await runStep(planned, work, { ...opts, shard });
    const missing = await work.complete(planned);
    const last = opts.only === step.name || step === steps.at(-1);
    if (missing.length > 0 && !last) throw incomplete(step.name, missing, opts.only);
    if (last) return { work, made, complete: missing.length === 0 };
  }
  return { work, made, complete: true };
}

async function runStep(
  planned: PlannedStep,
  work: Work,
  opts: RunStepsOptions & { shard: Shard },
): Promise<number> {
  const { step } = planned;
  const own = unitsOfShard(planned.units, opts.shard);
  const markers = await work.markers({ step, units: own });
  const todo: PlannedStep['units'] = [];
  for (const [i, planned] of own.entries()) {
    if (!(await work.holds(planned.dir, markers[i]))) todo.push(planned);
  }
  if (todo.length === 0) return 0;
  await work.checkInputs(todo.map(({ unit }) => unit));
  const workers = Math.min(opts.workers ?? 1, todo.length);
  if (workers > 1 && opts.order) {
    await using pool = new WorkerPool(workers, { ...opts.order, root: work.root });
    await pool.run(
      step.name,
      todo.map(({ unit }) => unit.name),
      opts,
    );
    for (const { dir } of todo) work.made(dir);
  } else {
    opts.progress.start(step.name, todo.length, 'units');
    for (const [done, { unit, key, dir }] of todo.entries()) {
      opts.signal.throwIfAborted();
      const context: Omit<UnitContext, 'out'> = {
        units: (name) => work.units(name),
        dir: (name, of) => work.dir(name, of),
        progress: unitNotes((note) => opts.progress.update(done, `${unit.name}: ${note}`)),
        signal: opts.signal,
        memoryBytes: opts.memoryBytes,
      };
      await runUnit(step, unit, { key, dir, context });
      work.made(dir);
      opts.progress.update(done + 1, unit.name);
    }
    opts.progress.end(countUnits(todo.length));
  }
  return todo.length;
}

function incomplete(step: string, missing: string[], only: string | undefined): LucieError {
  return new LucieError({
    code: 'STEP_INCOMPLETE',
    found: `the step ${step} without ${missing.length} of its units (${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', …' : ''})`,
    expected: only ? `every unit of ${step} before ${only}` : 'the units of every shard',
    todo: `run the other shards of --step ${step} first, or leave --shard out`,
  });
}

/** As many as there are cores. */
export function defaultWorkers(): number {
  return availableParallelism();
}
