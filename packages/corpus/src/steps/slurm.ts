import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError, writeFileAtomic } from '@lucie/ledger';
import { unitsOfShard } from './shard.ts';
import type { Step } from './step.ts';
import { Work } from './work.ts';

export interface SlurmOptions {
  /** Work folder of the corpus, on a file system that every node sees. */
  root: string;
  /** Tasks of a job array. */
  shards: number;
  /** Memory of a task, in bytes; the program itself included. */
  taskBytes: number;
  /** Name of the jobs. */
  name: string;
  /** The command line that makes one shard of a step, and the one that puts the whole together. */
  commands: { shard(step: string, shard: string): string[]; finish(): string[] };
}

/** A job that has been given to Slurm. */
export interface SlurmJob {
  id: string;
  step: string;
  script: string;
  /** Task numbers. */
  tasks: string;
}

/**
 * Writes a job script per step into `<root>/slurm` and submits it: a job array over shards, each after the step before
 * has gone well, and a last job that puts the corpus together. Steps and shards that are complete by their markers are
 * left out. Partition, account and time come from Slurm's own `SBATCH_…` variables.
 * @throws LucieError `SLURM_MISSING`, `SLURM_REFUSED`
 */
export async function submitToSlurm(steps: readonly Step[], opts: SlurmOptions): Promise<SlurmJob[]> {
  const folder = join(opts.root, 'slurm');
  await mkdir(folder, { recursive: true });
  const jobs: SlurmJob[] = [];
  try {
    for (const { step, tasks } of await missingTasks(steps, opts)) {
      const command = opts.commands.shard(step, `$SLURM_ARRAY_TASK_ID/${opts.shards}`);
      jobs.push(await submit({ folder, job: step, tasks, command, after: jobs.at(-1)?.id }, opts));
    }
    const command = opts.commands.finish();
    jobs.push(await submit({ folder, job: 'finish', tasks: '', command, after: jobs.at(-1)?.id }, opts));
    return jobs;
  } catch (error) {
    // Half a chain would work in vain, and a second call would send it twice.
    if (jobs.length > 0) await scancel(jobs.map(({ id }) => id));
    throw error;
  }
}

/** What is still to be made: steps after the first incomplete one are wanted whole, for their units are not known yet. */
async function missingTasks(
  steps: readonly Step[],
  { root, shards }: SlurmOptions,
): Promise<{ step: string; tasks: string }[]> {
  const work = new Work(root);
  const all = shards === 1 ? '1' : `1-${shards}`;
  let known = true;
  const wanted: { step: string; tasks: string }[] = [];
  for (const step of steps) {
    const whole = { step: step.name, tasks: step.single ? '1' : all };
    if (!known) {
      wanted.push(whole);
      continue;
    }
    const planned = await work.plan(step);
    const missing = new Set(await work.complete(planned));
    if (missing.size === 0) continue;
    known = false;
    const numbers = Array.from({ length: shards }, (_, i) => i + 1).filter((index) =>
      unitsOfShard(planned.units, { index, of: shards }).some(({ unit }) => missing.has(unit.name)),
    );
    wanted.push({ step: step.name, tasks: ranges(numbers) });
  }
  return wanted;
}

/** `1-3,7` of rising numbers, as Slurm writes them: a list of many thousands would be too long. */
function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}

async function submit(
  job: { folder: string; job: string; tasks: string; command: string[]; after: string | undefined },
  opts: SlurmOptions,
): Promise<SlurmJob> {
  const script = join(job.folder, `${job.job}.sbatch`);
  const output = join(job.folder, `${job.job}-%${job.tasks ? 'A_%a' : 'j'}.log`);
  const lines = [
    '#!/bin/sh',
    `#SBATCH --job-name=${opts.name}-${job.job}`,
    ...(job.tasks ? [`#SBATCH --array=${job.tasks}`] : []),
    '#SBATCH --ntasks=1',
    '#SBATCH --cpus-per-task=1',
    `#SBATCH --mem=${Math.ceil(opts.taskBytes / 2 ** 20)}M`,
    // A task that a node's failure ends begins again; its finished units stay.
    '#SBATCH --requeue',
    ...(job.after ? [`#SBATCH --dependency=afterok:${job.after}`, '#SBATCH --kill-on-invalid-dep=yes'] : []),
    `exec ${job.command.map(shellWord).join(' ')}`,
  ];
  await writeFileAtomic(script, `${lines.join('\n')}\n`);
  // On the command line, where no path needs quotes.
  const id = await sbatch([`--output=${output}`, script]);
  return { id, step: job.job, script, tasks: job.tasks };
}

/** A word of a shell command; the array's task number stays a variable. */
function shellWord(word: string): string {
  if (/^(\$SLURM_ARRAY_TASK_ID\/)?[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function scancel(ids: string[]): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn('scancel', ids, { stdio: 'ignore' });
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
}

async function sbatch(args: string[]): Promise<string> {
  const { code, out, error } = await new Promise<{ code: number | string; out: string; error: string }>(
    (resolve) => {
      const child = spawn('sbatch', ['--parsable', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      let out = '';
      let error = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
      child.once('error', (cause: NodeJS.ErrnoException) =>
        resolve({ code: cause.code ?? 'error', out, error: cause.message }),
      );
      child.once('close', (exit) => resolve({ code: exit ?? 1, out, error }));
    },
  );
  // `--parsable` prints `id` or `id;cluster`.
  const id = out.trim().split(';')[0]!;
  if (code === 0 && /^\d+$/.test(id)) return id;
  throw new LucieError({
    code: code === 'ENOENT' ? 'SLURM_MISSING' : 'SLURM_REFUSED',
    found:
      code === 'ENOENT'
        ? 'no sbatch on the PATH'
        : `sbatch that refused ${args.at(-1)}: ${(error || out).trim().slice(0, 300)}`,
    expected: "Slurm's client on this machine, and a partition that takes the job",
    todo:
      code === 'ENOENT'
        ? 'call from a login node of the cluster, or leave --slurm out'
        : 'set SBATCH_PARTITION, SBATCH_ACCOUNT or SBATCH_TIMELIMIT as your cluster asks, and call again',
  });
}
