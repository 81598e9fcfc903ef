import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LucieError, type Progress, runProgram } from '@lucie/ledger';
import { ensureAddon, ensureLibtorch } from '@lucie/torch';
import { ensurePeerPython } from '../peer-python.ts';
import { type BenchReport, type BenchResult, compare, machine, median } from '../report.ts';
import { type BenchShape, benchShapes } from './shapes.ts';

/** What our step should reach beside PyTorch's eager one. */
const BAR = 1.1;

/** torch.compile's modes that do something on a CPU; the best of them is the peer. */
const COMPILE_MODES = ['default', 'max-autotune-no-cudagraphs'] as const;

/** One process's answer. */
interface Timing {
  seconds: number[];
  lastLoss: number;
  version: string;
}

/**
 * Our training step beside PyTorch's, eager and compiled: the same model, optimiser, clipping and batch, each process
 * in turn with the other, warm-up left out. The value of a run is tokens per second at the median step.
 * @param opts.runs - alternations, at least 5
 * @throws LucieError of the set-ups, `PEER_FAILED`, `OURS_FAILED`
 */
export async function benchTrain(opts: { runs: number; progress: Progress }): Promise<BenchReport> {
  const { progress } = opts;
  const runs = Math.max(5, opts.runs);
  await ensureLibtorch(progress);
  await ensureAddon(progress);
  const python = await ensurePeerPython(progress);
  const work = await mkdtemp(join(tmpdir(), 'lucie-bench-'));
  try {
    const results: BenchResult[] = [];
    for (const shape of benchShapes) {
      const path = join(work, `${shape.name}.json`);
      await writeFile(path, JSON.stringify(shape));
      const best = await bestMode(python, path, { shape, progress });
      for (const mode of ['eager', best])
        results.push(await alternate(shape, mode, { python, path, runs, progress }));
    }
    return { bench: 'train', machine: machine(), results };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The fastest compile mode here, by one run each. */
async function bestMode(
  python: string,
  path: string,
  opts: { shape: BenchShape; progress: Progress },
): Promise<string> {
  opts.progress.start(`${opts.shape.name}: compile modes`, COMPILE_MODES.length, 'modes');
  const speeds = new Map<string, number>();
  for (const mode of COMPILE_MODES) {
    speeds.set(mode, tokensPerSecond(opts.shape, await runPeer(python, path, mode)));
    opts.progress.update(speeds.size, [...speeds].map(([name, v]) => `${name} ${v.toFixed(0)}`).join(', '));
  }
  const [best] = [...speeds].sort((a, b) => b[1] - a[1])[0]!;
  opts.progress.end(`best: ${best}`);
  return best;
}

async function alternate(
  shape: BenchShape,
  mode: string,
  opts: { python: string; path: string; runs: number; progress: Progress },
): Promise<BenchResult> {
  const name = `${shape.name}, ${mode === 'eager' ? 'eager' : 'compiled'}`;
  opts.progress.start(name, opts.runs, 'alternations');
  const ours: number[] = [];
  const peer: number[] = [];
  let version = '';
  for (let run = 0; run < opts.runs; run++) {
    ours.push(tokensPerSecond(shape, await runOurs(opts.path)));
    const timing = await runPeer(opts.python, opts.path, mode);
    peer.push(tokensPerSecond(shape, timing));
    version = timing.version;
    opts.progress.update(run + 1, `${ours.at(-1)!.toFixed(0)} and ${peer.at(-1)!.toFixed(0)} tokens/s`);
  }
  const compared = compare(ours, peer);
  opts.progress.end(`ratio ${compared.ratio.toFixed(2)}`);
  return {
    name,
    unit: 'tokens/s',
    ...compared,
    peerName: mode === 'eager' ? 'PyTorch eager' : `PyTorch torch.compile(mode=${mode})`,
    peerVersion: version,
    peerCommand: `python bench/train/peer.py SHAPE.json ${mode}`,
    ...(mode === 'eager' ? { bar: BAR } : {}),
    better: 'higher',
  };
}

function tokensPerSecond(shape: BenchShape, timing: Timing): number {
  return (shape.batch * shape.length) / median(timing.seconds);
}

async function runPeer(python: string, path: string, mode: string): Promise<Timing> {
  return timing('PEER_FAILED', python, [join(import.meta.dirname, 'peer.py'), path, mode]);
}

async function runOurs(path: string): Promise<Timing> {
  return timing('OURS_FAILED', process.execPath, [join(import.meta.dirname, 'ours.ts'), path]);
}

async function timing(code: string, program: string, args: string[]): Promise<Timing> {
  // Both halves get the same thread settings, whatever the caller's shell says.
  const {
    code: exit,
    stdout,
    output,
  } = await runProgram(program, args, { OMP_NUM_THREADS: '2', PYTHONWARNINGS: 'ignore' });
  const line = stdout.trim().split('\n').at(-1);
  if (exit === 0 && line?.startsWith('{')) return JSON.parse(line) as Timing;
  throw new LucieError({
    code,
    found: `${program} ${args.join(' ')} with exit code ${exit}: ${output.trim().split('\n').at(-1)}`,
    expected: 'one line of timings',
    todo: 'run that command by hand to see all of its output',
  });
}
