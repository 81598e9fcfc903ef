import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LucieError, runProgram } from '@lucie/ledger';
import { type BenchResult, compare } from '../report.ts';
import type { ServeBench } from './compare-halves.ts';
import type { AlonePlan, AloneReport } from './engine-alone.ts';
import { checked, tokensPerSecond } from './figures.ts';
import { SEQUENCES } from './ours-server.ts';
import type { PlannedRequest } from './plan.ts';
import { SERVER_CORE } from './server-process.ts';
import { modelName } from './throughput.ts';
import { firstRequests, GREEDY, throughputRequests } from './workload.ts';

/** What is left over HTTP of what the engine does alone. */
const BAR = 0.97;

/** Tokens per second of our server beside those of the engine in a process without HTTP, on the same core. */
export async function httpCost(bench: ServeBench): Promise<BenchResult[]> {
  const { sizes, halves, progress, runs } = bench;
  const model = modelName(bench.model);
  const results: BenchResult[] = [];
  for (const parallel of new Set([Math.min(...sizes.parallel), Math.max(...sizes.parallel)])) {
    const name = `over HTTP at ${parallel} parallel`;
    progress.start(name, runs, 'alternations');
    const over: number[] = [];
    const alone: number[] = [];
    for (let run = 1; run <= runs; run++) {
      const requests = throughputRequests(parallel, { sizes, model, run, sampling: GREEDY });
      const half = halves.ours();
      const report = await half.run({ warm: firstRequests(model), requests, workers: parallel });
      over.push(tokensPerSecond(checked(half.label, report.requests, { tokens: sizes.tokens })));
      alone.push(await engineAlone(bench, requests, parallel));
      progress.update(run, `${over.at(-1)!.toFixed(0)} and ${alone.at(-1)!.toFixed(0)} tokens/s`);
    }
    const compared = compare(over, alone);
    progress.end(`ratio ${compared.ratio.toFixed(3)}`);
    results.push({
      ...{ name, unit: 'tokens/s', ...compared },
      ...{ peerName: 'our engine alone', peerVersion: 'this checkout' },
      ...{ peerCommand: 'node bench/serve/engine-alone.ts PLAN.json', bar: BAR, better: 'higher' },
    });
  }
  return results;
}

async function engineAlone(
  bench: ServeBench,
  requests: readonly PlannedRequest[],
  workers: number,
): Promise<number> {
  const work = await mkdtemp(join(tmpdir(), 'lucie-bench-alone-'));
  try {
    const bare = ({ body }: PlannedRequest) => ({
      prompt: String(body.prompt),
      maxTokens: Number(body.max_tokens),
    });
    const plan: AlonePlan = {
      ...{ model: bench.model, contextSize: bench.contextSize, sequences: SEQUENCES, workers },
      ...{ warm: firstRequests('').map(bare), requests: requests.map(bare) },
    };
    const path = join(work, 'plan.json');
    await writeFile(path, JSON.stringify(plan));
    const script = join(import.meta.dirname, 'engine-alone.ts');
    const args = ['-c', String(SERVER_CORE), process.execPath, script, path];
    const { code, stdout, output } = await runProgram('taskset', args, {
      ...{ OMP_NUM_THREADS: '1', LUCIE_CACHE: work },
    });
    const line = stdout.trim().split('\n').at(-1);
    const expected = requests.length * bench.sizes.tokens;
    const report = code === 0 && line?.startsWith('{') ? (JSON.parse(line) as AloneReport) : undefined;
    if (report?.tokens === expected) return report.tokens / report.seconds;
    throw new LucieError({
      code: 'OURS_FAILED',
      found: `the engine alone with exit code ${code}: ${output.trim().split('\n').at(-1)}`,
      expected: `${expected} tokens`,
      todo: 'run node bench/serve/engine-alone.ts by hand',
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
