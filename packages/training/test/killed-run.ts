import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Progress, type Random, runStages, silent } from '@lucie/ledger';
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

/** When to kill: so many steps after the process has begun to train, or as soon as a checkpoint is half-written then. */
export interface Kill {
  afterSteps: number;
  delayMs: number;
  whileWriting: boolean;
}

export function randomKill(random: Random, index: number): Kill {
  return {
    afterSteps: random.below(12),
    delayMs: random.below(15),
    whileWriting: index % 2 === 0,
  };
}

/**
 * Runs the training stages in a process of their own and kills it with SIGKILL.
 * @returns whether it had to be killed, or was done before
 */
export async function runKilled(run: TrainingRun, kill?: Kill): Promise<'killed' | 'done'> {
  const { dir, until } = run;
  const child = spawn(process.execPath, [import.meta.filename, dir, until], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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
  if (!kill) return ended;
  let over = false;
  void ended.finally(() => (over = true)).catch(() => {});
  while (steps <= kill.afterSteps && !over) await wait(1);
  await wait(kill.delayMs);
  while (kill.whileWriting && !halfWritten(dir) && !over) await wait(0);
  child.kill('SIGKILL');
  return ended;
}

/** Whether a checkpoint of any stage is being written right now. */
export function halfWritten(dir: string): boolean {
  return ['04-base.partial', '05-instruct.partial'].some((stage) => {
    const folder = join(dir, stage, 'checkpoints');
    return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.writing'));
  });
}

/** As a child: trains in the folder of the argument and writes one character per step. */
if (import.meta.main) {
  let training = false;
  const progress: Progress = {
    ...silent,
    start: (label) => void (training = label === 'training'),
    update: () => void (training && process.stdout.write('.')),
  };
  const { signal } = new AbortController();
  const [dir, until] = process.argv.slice(2) as [string, string];
  const instruct = until === 'instruct' ? { ...tinyInstruct, checkpointEvery: 1 } : undefined;
  await runStages(dir, tinyStages(killedBase, instruct), { recipe: 'tiny', progress, say: () => {}, signal });
}
