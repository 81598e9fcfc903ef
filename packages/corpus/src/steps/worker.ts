import { explainSystemError, isLucieError } from '@lucie/ledger';
import { runUnit } from './run-unit.ts';
import type { Step } from './step.ts';
import { unitNotes } from './unit-notes.ts';
import { type PlannedStep, Work } from './work.ts';
import type { FromWorker, ToWorker } from './worker-pool.ts';

/** A process of `WorkerPool`: builds the steps from the order, then makes one unit after the other. */
let steps: Step[] = [];
let work: Work | undefined;
let memoryBytes = 0;
const plans = new Map<string, PlannedStep>();

process.on('message', (message: ToWorker) => {
  void answer(message).catch((thrown: unknown) => {
    const error = explainSystemError(thrown);
    const known = isLucieError(error) ? { code: error.code, exitCode: error.exitCode } : {};
    const unexpected = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const text = isLucieError(error) ? error.message : unexpected;
    const unit = message.kind === 'unit' ? message.unit : '';
    tell({ kind: 'failed', unit, error: { ...known, message: text } });
  });
});
process.on('disconnect', () => process.exit(0));

async function answer(message: ToWorker): Promise<void> {
  if (message.kind === 'begin') {
    const { steps: make } = (await import(message.order.module)) as { steps: (input: unknown) => Step[] };
    steps = make(message.order.input);
    work = new Work(message.order.root);
    memoryBytes = message.memoryBytes;
    tell({ kind: 'ready' });
    return;
  }
  const planned = await planOf(message.step);
  const { unit, key, dir } = planned.units.find((one) => one.unit.name === message.unit)!;
  const finished = work!;
  await runUnit(planned.step, unit, {
    key,
    dir,
    context: {
      units: (step) => finished.units(step),
      dir: (step, of) => finished.dir(step, of),
      progress: unitNotes((note) => tell({ kind: 'note', unit: unit.name, note })),
      signal: new AbortController().signal,
      memoryBytes,
    },
  });
  tell({ kind: 'done', unit: unit.name });
}

/** Plans a step after those before it, which are complete by now. */
async function planOf(name: string): Promise<PlannedStep> {
  for (const step of steps) {
    if (!plans.has(step.name)) plans.set(step.name, await work!.plan(step));
    const planned = plans.get(step.name)!;
    if (step.name === name) return planned;
    await work!.complete(planned);
  }
  throw new Error(`no step ${name}`);
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
