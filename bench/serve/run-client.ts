import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LucieError } from '@lucie/ledger';
import type { ClientPlan, ClientReport } from './plan.ts';

/** The core that clients run on: the last one, where there are several. */
const CLIENT_CORE = cpus().length - 1;

/**
 * Runs the client on its core.
 * @param onEnded - called with the number of requests that have ended, where the plan watches memory
 * @throws LucieError `CLIENT_FAILED`
 */
export async function runClient(
  plan: ClientPlan,
  onEnded?: (requests: number) => void,
): Promise<ClientReport> {
  const work = await mkdtemp(join(tmpdir(), 'lucie-bench-client-'));
  const [planPath, reportPath] = [join(work, 'plan.json'), join(work, 'report.json')];
  try {
    await writeFile(planPath, JSON.stringify(plan));
    const script = join(import.meta.dirname, 'client.ts');
    const args = ['-c', String(CLIENT_CORE), process.execPath, script, planPath, reportPath];
    const child = spawn('taskset', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk) => onEnded?.(Number(String(chunk).trim().split('\n').at(-1))));
    child.stderr.on('data', (chunk) => (said += chunk));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code === 0) return JSON.parse(await readFile(reportPath, 'utf8')) as ClientReport;
    throw new LucieError({
      code: 'CLIENT_FAILED',
      found: `the client with exit code ${code}: ${said.trim().split('\n').slice(-3).join(' / ')}`,
      expected: 'measurements',
      todo: 'run the bench again; if that happens twice, run bench/serve/client.ts by hand',
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
