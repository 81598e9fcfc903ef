import type { Progress } from '@lucie/ledger';
import { LLAMA_CPP_VERSION } from '../llama-cpp-source.ts';
import { type BenchResult, compare } from '../report.ts';
import { bestOf } from './figures.ts';
import type { Half, Halves, Work } from './halves.ts';
import { type PeerSetting, peerFlags, peerSettings } from './peer-server.ts';
import type { ClientReport } from './plan.ts';
import type { ServeSizes } from './workload.ts';

/** What every row of the bench is given. */
export interface ServeBench {
  sizes: ServeSizes;
  halves: Halves;
  /** The GGUF file. */
  model: string;
  /** Tokens of one request, prompt and answer together. */
  contextSize: number;
  /** Alternations. */
  runs: number;
  progress: Progress;
}

/** Something measured of a run, with what the ratio should reach. */
export interface Figure {
  name: string;
  unit: string;
  better: 'higher' | 'lower';
  bar?: number;
  of(report: ClientReport): number;
}

/**
 * Ours beside llama-server at its best: every setting of the peer runs once, then each figure's best one in turn with
 * ours.
 * @param opts.work - what the client does in the given run; other prompts in another run; run 0 chooses the setting
 * @param opts.check - throws on a report whose answers are not what was asked for
 */
export async function compareHalves(
  bench: ServeBench,
  figures: readonly Figure[],
  opts: {
    label: string;
    work: (run: number) => Work;
    check: (half: Half, report: ClientReport) => void;
  },
): Promise<BenchResult[]> {
  const { progress, halves } = bench;
  const measure = async (half: Half, run: number) => {
    const report = await half.run(opts.work(run));
    opts.check(half, report);
    return figures.map((figure) => figure.of(report));
  };

  progress.start(`${opts.label}: settings of llama-server`, peerSettings.length, 'settings');
  const tried: { setting: PeerSetting; values: number[] }[] = [];
  let seen = 0;
  for (const setting of peerSettings) {
    const half = halves.peer(setting);
    try {
      const values = await measure(half, 0);
      tried.push({ setting, values });
      progress.update(++seen, `${half.label}: ${values.map(short).join(', ')}`);
    } catch (error) {
      // A setting that does not answer is not the best one; were it the only one there would be nothing to compare with.
      if (setting === peerSettings.at(-1) && tried.length === 0) throw error;
      progress.update(++seen, `${half.label}: ${(error as Error).message}`);
    }
  }
  const best = figures.map(({ better }, i) => bestOf(tried, i, better));
  progress.end(`best: ${[...new Set(best.map((setting) => halves.peer(setting).label))].join(', ')}`);

  const results: BenchResult[] = new Array(figures.length);
  for (const setting of new Set(best)) {
    const half = halves.peer(setting);
    progress.start(`${opts.label} beside ${half.label}`, bench.runs, 'alternations');
    const mine: number[][] = [];
    const theirs: number[][] = [];
    for (let run = 1; run <= bench.runs; run++) {
      // Who begins changes, so that what warms or tires the machine falls on both.
      const turns = [
        async () => mine.push(await measure(halves.ours(), run)),
        async () => theirs.push(await measure(half, run)),
      ];
      for (const turn of run % 2 === 1 ? turns : turns.toReversed()) await turn();
      progress.update(
        run,
        `${mine.at(-1)!.map(short).join(', ')} and ${theirs.at(-1)!.map(short).join(', ')}`,
      );
    }
    for (const [i, figure] of figures.entries()) {
      if (best[i] !== setting) continue;
      const { name, unit, better, bar } = figure;
      results[i] = {
        ...{ name, unit },
        ...compare(
          mine.map((values) => values[i]!),
          theirs.map((values) => values[i]!),
        ),
        ...{ peerName: half.label, peerVersion: `llama.cpp ${LLAMA_CPP_VERSION}` },
        peerCommand: `llama-server -m MODEL.gguf -t 1 -tb 1 -c ${bench.contextSize * setting.parallel} ${peerFlags(setting).join(' ')}`,
        ...(bar === undefined ? {} : { bar }),
        better,
      };
    }
    progress.end(
      results
        .filter((result, i) => result && best[i] === setting)
        .map(({ name, ratio }) => `${name}: ratio ${ratio.toFixed(2)}`)
        .join(', '),
    );
  }
  return results;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
