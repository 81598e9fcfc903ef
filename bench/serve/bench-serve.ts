import type { Progress } from '@lucie/ledger';
import { type BenchReport, type BenchResult, machine } from '../report.ts';
import { classroom } from './classroom.ts';
import type { ServeBench } from './compare-halves.ts';
import { endurance } from './endurance.ts';
import { serverProcesses } from './halves.ts';
import { httpCost } from './http-cost.ts';
import { type BenchModel, ensureModel, hundredMillion, nineMillion } from './make-model.ts';
import { ensurePeerServer } from './peer-server.ts';
import { restart } from './restart.ts';
import { sameLibraries } from './same-libraries.ts';
import { throughput } from './throughput.ts';
import { fullSizes, type ServeSizes } from './workload.ts';

/** What a serving bench measures with; tests take less. */
export interface ServePlan {
  sizes: ServeSizes;
  model: BenchModel;
  /** Of the endurance row, where many requests count and not how big the model is. */
  small: BenchModel;
  contextSize: number;
  /** Alternations at least. */
  leastRuns: number;
}

const FULL: ServePlan = {
  sizes: fullSizes,
  model: hundredMillion,
  small: nineMillion,
  contextSize: 4096,
  leastRuns: 5,
};

/**
 * Our server beside llama-server: same model, same prebuilt ggml libraries, one thread on one core, the client on
 * another. The peer runs with each setting once and then, figure by figure, with the best of them, in turn with ours;
 * both are started anew for every run.
 * @param opts.runs - alternations; fewer than the plan's least are not enough
 * @throws LucieError of the set-ups; `SERVER_FAILED`, `CLIENT_FAILED`, `BENCH_ANSWER_WRONG`, `BENCH_LIBRARIES`
 */
export async function benchServe(
  opts: { runs: number; progress: Progress },
  plan: ServePlan = FULL,
): Promise<BenchReport> {
  const { progress } = opts;
  const peerDir = await ensurePeerServer(progress);
  const { sizes, contextSize } = plan;
  const model = await ensureModel(plan.model, { progress });
  const place = { model, contextSize, peerDir };
  await sameLibraries(place, progress);
  const runs = Math.max(plan.leastRuns, opts.runs);
  const bench: ServeBench = { sizes, contextSize, model, progress, runs, halves: serverProcesses(place) };
  const results: BenchResult[] = [
    ...(await throughput(bench)),
    ...(await classroom(bench)),
    ...(await restart(bench)),
    ...(await httpCost(bench)),
    ...(await endurance(bench, await ensureModel(plan.small, { progress }))),
  ];
  return { bench: 'serve', machine: machine(), results };
}
