import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchResult, compare } from '../report.ts';
import type { ServeBench } from './compare-halves.ts';
import { checked, firstTokenMs } from './figures.ts';
import type { Half } from './halves.ts';
import { oursFlags } from './ours-server.ts';
import { modelName } from './throughput.ts';
import { courseQuestion, courseText } from './workload.ts';

/** The first question after a restart, on a course warmed before it, beside the first question on a course never read. */
export async function restart(bench: ServeBench): Promise<BenchResult[]> {
  const { sizes, halves, progress, runs } = bench;
  const model = modelName(bench.model);
  const work = await mkdtemp(join(tmpdir(), 'lucie-bench-restart-'));
  try {
    const [course, cache] = [join(work, 'cours.txt'), join(work, 'cache')];
    await writeFile(course, courseText(sizes));
    const firstToken = async (half: Half, seed: number) => {
      const question = courseQuestion(sizes, { model, person: 'eleve', seed });
      const { requests } = await half.run({ warm: [], requests: [question], workers: 1 });
      return firstTokenMs(checked(half.label, requests, { tokens: sizes.answerTokens })[0]!);
    };
    const warmed = halves.ours({ cache, warm: course });
    progress.start('restart', runs + 1, 'alternations');
    // Reads the course and leaves it on the disk.
    await firstToken(warmed, 1);
    const warm: number[] = [];
    const cold: number[] = [];
    for (let run = 1; run <= runs; run++) {
      warm.push(await firstToken(warmed, 100 + run));
      cold.push(await firstToken(halves.ours(), 100 + run));
      progress.update(run + 1, `${warm.at(-1)!.toFixed(0)} and ${cold.at(-1)!.toFixed(0)} ms`);
    }
    const compared = compare(warm, cold);
    progress.end(`ratio ${compared.ratio.toFixed(3)}`);
    return [
      {
        ...{ name: 'first question on a warmed course after a restart: first token', unit: 'ms' },
        ...compared,
        ...{ peerName: 'ours, cold', peerVersion: 'this checkout' },
        peerCommand: `./lucie serve MODEL.gguf ${oursFlags(bench.contextSize).join(' ')}`,
        ...{ bar: 0.1, better: 'lower' },
      },
    ];
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
