import { type ChildProcess, fork } from 'node:child_process';
import { LucieError, type Progress } from '@lucie/ledger';
import { countUnits } from './unit-notes.ts';

/** What a worker process needs in order to build the same steps: plain JSON. */
export interface WorkOrder {
  /** URL of a module whose `steps(input)` makes the steps. */
  module: string;
  input: unknown;
}

/** To a worker. */
export type ToWorker =
  | { kind: 'begin'; order: WorkOrder & { root: string }; memoryBytes: number }
  | { kind: 'unit'; step: string; unit: string };

/** From a worker. */
export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'note'; unit: string; note: string }
  | { kind: 'done'; unit: string }
  | { kind: 'failed'; unit: string; error: { code?: string; exitCode?: number; message: string } };

/** Processes that make units. One that dies takes its unit with it, not the run's other units. */
export class WorkerPool implements AsyncDisposable {
  readonly #children: ChildProcess[];
  readonly #order: WorkOrder & { root: string };

  constructor(workers: number, order: WorkOrder & { root: string }) {
    this.#order = order;
    this.#children = Array.from({ length: workers }, () =>
      fork(new URL('worker.ts', import.meta.url), {
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    );
  }

  /** Makes the units of one step, each by the next free worker. The first failure ends it. */
  async run(
    step: string,
    units: readonly string[],
    opts: { progress: Progress; signal: AbortSignal; memoryBytes: number },
  ): Promise<void> {
    const queue = [...units];
    let done = 0;
    opts.progress.start(step, units.length, 'units');
    await Promise.all(
      this.#children.map(async (child) => {
        await this.#ask(
          child,
          { kind: 'begin', order: this.#order, memoryBytes: opts.memoryBytes },
          opts.signal,
        );
        for (let unit = queue.shift(); unit !== undefined; unit = queue.shift()) {
          try {
            await this.#ask(child, { kind: 'unit', step, unit }, opts.signal, (note) =>
              opts.progress.update(done, `${unit}: ${note}`),
            );
          } catch (error) {
            queue.length = 0;
            throw error;
          }
          opts.progress.update(++done, unit);
        }
      }),
    );
    opts.progress.end(countUnits(units.length));
  }

  #ask(
    child: ChildProcess,
    message: ToWorker,
    signal: AbortSignal,
    onNote: (note: string) => void = () => {},
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const what = message.kind === 'unit' ? `${message.step}/${message.unit}` : 'a worker';
      const settle = (act: () => void) => {
        child.off('message', onMessage);
        child.off('exit', onExit);
        signal.removeEventListener('abort', onAbort);
        act();
      };
      const onMessage = (raw: unknown) => {
        const answer = raw as FromWorker;
        if (answer.kind === 'note') onNote(answer.note);
        else if (answer.kind === 'failed') settle(() => reject(asError(answer.error)));
        else settle(resolve);
      };
      const onExit = (code: number | null, killed: string | null) =>
        settle(() => reject(workerDied(what, killed ?? `exit code ${code}`)));
      const onAbort = () => settle(() => reject(signal.reason as Error));
      if (signal.aborted) return reject(signal.reason as Error);
      child.on('message', onMessage);
      child.once('exit', onExit);
      signal.addEventListener('abort', onAbort, { once: true });
      child.send(message);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#children.map(
        (child) =>
          new Promise<void>((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) return resolve();
            child.once('exit', () => resolve());
            child.kill('SIGKILL');
          }),
      ),
    );
  }
}

/** The worker's error, a LucieError again where it was one (`isLucieError` goes by name and code). */
function asError({ message, ...known }: (FromWorker & { kind: 'failed' })['error']): Error {
  return Object.assign(new Error(message), known, known.code ? { name: 'LucieError' } : {});
}

function workerDied(what: string, how: string): LucieError {
  return new LucieError({
    code: 'WORKER_DIED',
    found: `a process that ended with ${how} while it made ${what}`,
    expected: 'a unit, or an error that says why not',
    todo: 'look whether memory ran out (dmesg), lower --memory or --workers, and call again: finished units stay',
  });
}
