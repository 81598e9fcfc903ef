import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Progress, terminalProgress } from '@lucie/ledger';
import { ensureAddon, ensureLibtorch } from '@lucie/torch';

/** Makes libtorch and the addon ready; in a moment when they are already there. */
export async function setUpEngine(progress: Progress = terminalProgress()): Promise<void> {
  await ensureLibtorch(progress);
  await ensureAddon(progress);
}

/** Compiles the addon of another checkout, whose sources may differ from this one's. */
export async function setUpEngineOf(checkout: string, env: Record<string, string>): Promise<void> {
  const torch = join(checkout, 'packages/torch/src/index.ts');
  const script = `const torch = await import(${JSON.stringify(torch)}); await torch.ensureAddon({ start() {}, update() {}, end() {} });`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...env },
  });
}
