import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '@lucie/ledger';

/** A fresh folder for runs. */
export const freshRuns = (): Promise<string> => mkdtemp(join(tmpdir(), 'lucie-runs-'));

/** Starts `./lucie ARGS` with its runs in `runs`; `ended` tells exit code (null after a signal) and what it printed. */
export function start(
  runs: string,
  ...args: string[]
): { child: ChildProcess; ended: Promise<{ code: number | null; out: string; err: string }> } {
  const child = spawn(join(projectRoot, 'lucie'), args, {
    env: { ...process.env, LUCIE_RUNS: runs },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout!.on('data', (chunk) => (out += chunk));
  child.stderr!.on('data', (chunk) => (err += chunk));
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err }))) };
}

/** Runs `./lucie ARGS` to its end. */
export const lucie = (runs: string, ...args: string[]) => start(runs, ...args).ended;
