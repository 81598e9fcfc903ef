import type { BenchResult } from '../report.ts';
import { compareHalves, type ServeBench } from './compare-halves.ts';
import { checked, firstTokenP95, totalSeconds } from './figures.ts';
import type { ClientReport } from './plan.ts';
import { modelName } from './throughput.ts';
import { classroomRequests } from './workload.ts';

/** Thirty pupils ask about one course within two seconds, after the teacher has. */
export async function classroom(bench: ServeBench): Promise<BenchResult[]> {
  const { sizes } = bench;
  const model = modelName(bench.model);
  const label = `${sizes.pupils} pupils, one course`;
  return await compareHalves(
    bench,
    [
      {
        ...{ name: `${label}: first token, p95`, unit: 'ms', better: 'lower', bar: 0.5 },
        of: ({ requests }: ClientReport) => firstTokenP95(requests),
      },
      {
        ...{ name: `${label}: total time`, unit: 's', better: 'lower', bar: 0.8 },
        of: ({ requests }: ClientReport) => totalSeconds(requests),
      },
    ],
    {
      label,
      work: (run) => ({ ...classroomRequests({ sizes, model, run }), workers: 0 }),
      check: (half, { warm, requests }) =>
        void checked(half.label, [...warm, ...requests], { tokens: sizes.answerTokens }),
    },
  );
}
