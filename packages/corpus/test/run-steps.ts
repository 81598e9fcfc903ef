import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent } from '@lucie/ledger';
import { onTestFinished } from 'vitest';
import { runSteps } from '../src/steps/run-steps.ts';
import type { Step } from '../src/steps/step.ts';

/** A folder that goes when the test ends. */
export function testDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'lucie-corpus-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Runs steps into a folder as a build does, in this process. */
export function runAll(
  steps: readonly Step[],
  root: string = testDir(),
  opts: Partial<Parameters<typeof runSteps>[2]> = {},
): ReturnType<typeof runSteps> {
  const signal = new AbortController().signal;
  return runSteps(steps, root, { progress: silent, signal, memoryBytes: 256e6, ...opts });
}
