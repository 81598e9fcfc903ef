import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Progress, runStages, silent } from '@lucie/ledger';
import { tinyBase, tinyInstruct, tinyStages } from './tiny-run.ts';

/** A checkpoint at every step, so that a kill often meets one being written. */
export const killedBase = { ...tinyBase, steps: 30, checkpointEvery: 1 };

/** Copies the stages before training from a finished run. */
export async function prepare(from: string, to: string): Promise<void> {
  for (const stage of ['01-corpus', '02-tokenizer', '03-tokens']) {
    await cp(join(from, stage), join(to, stage), { recursive: true });
  }
}

/** A run folder, and the last stage to train. */
export interface TrainingRun {
  dir: string;
  until: 'base' | 'instruct';
}

/** When to send SIGKILL, in steps since the process began to train. */
export interface Kill {
  afterSteps: number;
  /**
   * `step`: right after a step; `writing`: as soon as a checkpoint is half-written; both sent by the process to itself,
   * so that no load of the machine makes them miss. `outside`: by the parent, whatever the process is doing.
   */
  moment: 'step' | 'writing' | 'outside';
  /** For `outside`. */
  delayMs?: number;
}

/**
 * Runs the training stages in a process of their own, which may be killed.
 * @returns whether it was, or had been done before
 */
export async function trainInChild(run: TrainingRun, kill?: Kill): Promise<'killed' | 'done'> {
  const args = [import.meta.filename, run.dir, run.until, JSON.stringify(kill ?? null)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<'killed' | 'done'>((resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve('killed');
      else if (code === 0) resolve('done');
      else reject(new Error(`the child ended with ${code ?? signal}`));
    });
  });
  let steps = 0;
  child.stdout.on('data', (data: Buffer) => {
    steps += data.length;
  });
  if (kill?.moment === 'outside') {
    while (steps <= kill.afterSteps && child.exitCode === null) await wait(1);
    await wait(kill.delayMs);
    child.kill('SIGKILL');
  }
  return ended;
}

/** Whether a checkpoint of any stage is, or was left, half-written. */
export function halfWritten(dir: string): boolean {
  return ['04-base.partial', '05-instruct.partial'].some((stage) => {
    const folder = join(dir, stage, 'checkpoints');
    return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.writing'));
  });
}

/** As a child: trains in the folder of the first argument and writes one character per step. */
if (import.meta.main) {
  const [dir, until, json] = process.argv.slice(2) as [string, string, string];
  const kill = JSON.parse(json) as Kill | null;
  const die = () => process.kill(process.pid, 'SIGKILL');
  let training = false;
  let steps = 0;
  const progress: Progress = {
    ...silent,
    start: (label) => void (training = label === 'training'),
    update: () => {
      if (!training) return;
      process.stdout.write('.');
      if (steps++ !== kill?.afterSteps) return;
      if (kill.moment === 'step') die();
      if (kill.moment === 'writing') setInterval(() => halfWritten(dir) && die(), 0);
    },
  };
  const instruct = until === 'instruct' ? { ...tinyInstruct, checkpointEvery: 1 } : undefined;
  const { signal } = new AbortController();
  await runStages(dir, tinyStages(killedBase, instruct), { recipe: 'tiny', progress, say: () => {}, signal });
}
