import type { BenchResult } from '../report.ts';
import type { ServeBench } from './compare-halves.ts';
import { memoryAround } from './figures.ts';
import { modelName } from './throughput.ts';
import { enduranceRequests } from './workload.ts';

const WORKERS = 16;
/** Memory is read this many times between the settled state and the start. */
const READINGS = 20;

/** Many requests with random cancels: none is answered with a fault of the server, and memory stays. */
export async function endurance(bench: ServeBench, model: string): Promise<BenchResult[]> {
  const { sizes, progress } = bench;
  const { requests: count, settled } = sizes;
  progress.start('endurance', count, 'requests');
  const half = bench.halves.ours({ model });
  const report = await half.run(
    {
      ...{ warm: [], requests: enduranceRequests({ sizes, model: modelName(model) }), workers: WORKERS },
      memoryEvery: Math.max(1, Math.floor(settled / READINGS)),
    },
    (ended) => progress.update(ended),
  );
  const cancelled = report.requests.filter((item) => item.cancelled).length;
  const faults = report.requests.filter(({ cancelled: gone, error }) => !gone && error !== undefined);
  const [example] = faults;
  progress.end(
    `${cancelled} hung up, ${faults.length} failed${example ? ` (${example.status}: ${example.error})` : ''}`,
  );
  const bytes = (ended: number) => memoryAround(report.memory, { ended, settled });
  const one = { runs: 1, peerVersion: 'this checkout', peerCommand: 'node bench/serve/client.ts' };
  const ratio = (name: string, values: { ours: number; peer: number }) => ({
    ...{ name, ...values, ...one, ratio: values.ours / values.peer },
    ...{ low: values.ours / values.peer, high: values.ours / values.peer },
  });
  return [
    {
      ...ratio(`${count} requests, ${cancelled} of them cancelled: without a 5xx`, {
        ...{ ours: count - faults.length, peer: count },
      }),
      ...{ unit: 'requests', peerName: 'all requests', bar: 1, better: 'higher' },
    },
    {
      ...ratio(`memory after ${count} requests`, {
        ...{ ours: bytes(count) / 2 ** 20, peer: bytes(settled) / 2 ** 20 },
      }),
      ...{ unit: 'MiB', peerName: `after ${settled} requests`, bar: 1.02, better: 'lower' },
    },
  ];
}
