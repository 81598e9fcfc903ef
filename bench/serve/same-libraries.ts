import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LucieError, type Progress } from '@lucie/ledger';
import { engineLibraries } from './halves.ts';
import { oursCommand } from './ours-server.ts';
import { peerCommand } from './peer-server.ts';
import { freePort, type ServerCommand, startServer } from './server-process.ts';

/**
 * Proves that both servers compute with the very same files, by what their processes have mapped.
 * @throws LucieError `BENCH_LIBRARIES`
 */
export async function sameLibraries(
  place: { model: string; contextSize: number; peerDir: string },
  progress: Progress,
): Promise<void> {
  progress.start('same libraries');
  const cache = await mkdtemp(join(tmpdir(), 'lucie-bench-cache-'));
  const mapped = async (ready: string, command: (port: number) => ServerCommand) => {
    const port = await freePort();
    await using server = await startServer(command(port), { port, ready });
    return engineLibraries(server);
  };
  try {
    const { model, contextSize } = place;
    const ours = await mapped('/ready', (port) => oursCommand({ model, contextSize, port, cache }));
    const theirs = await mapped('/health', (port) =>
      peerCommand(place.peerDir, { parallel: 1, unified: false }, { model, contextSize, port }),
    );
    const foreign = ours.filter((path) => !theirs.includes(path));
    if (ours.length === 0 || foreign.length > 0) {
      throw new LucieError({
        code: 'BENCH_LIBRARIES',
        found: `ours on ${ours.join(', ') || 'none'} and llama-server on ${theirs.join(', ')}`,
        expected: 'both on the same files of libllama and ggml',
        todo: `remove ${place.peerDir} and call again, so that it is put together anew`,
      });
    }
    progress.end(ours.map((path) => path.split('/').at(-1)).join(', '));
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}
