import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oursCommand } from './ours-server.ts';
import { type PeerSetting, peerCommand } from './peer-server.ts';
import type { ClientPlan, ClientReport } from './plan.ts';
import { runClient } from './run-client.ts';
import { freePort, type RunningServer, type ServerCommand, startServer } from './server-process.ts';

/** What a client is to do, but for where. */
export type Work = Omit<ClientPlan, 'port' | 'pid'>;

/** A server of one of the two kinds, with a model, for one run. */
export interface Half {
  label: string;
  /** Starts it fresh, lets the client work, stops it; `onEnded` follows a work that watches memory. */
  run(work: Work, onEnded?: (requests: number) => void): Promise<ClientReport>;
}

/** How each kind of server is had. */
export interface Halves {
  /**
   * Ours; every run on a machine that has never read anything, unless `cache` names a folder that stays.
   * @param opts.warm - file of a course that is read before the first question
   * @param opts.model - another GGUF than the bench's
   */
  ours(opts?: { cache?: string; warm?: string; model?: string }): Half;
  /** llama-server. */
  peer(setting: PeerSetting): Half;
}

/** Servers as processes. @param place.peerDir - folder of llama-server and its libraries */
export function serverProcesses(place: { model: string; contextSize: number; peerDir: string }): Halves {
  const { model, contextSize, peerDir } = place;
  return {
    ours: ({ cache, ...opts } = {}) => ({
      label: 'lucie serve',
      async run(work, onEnded) {
        const folder = cache ?? (await mkdtemp(join(tmpdir(), 'lucie-bench-cache-')));
        try {
          return await withServer({ ready: '/ready', work, onEnded }, (port) =>
            oursCommand({ model, contextSize, port, cache: folder, ...opts }),
          );
        } finally {
          if (cache === undefined) await rm(folder, { recursive: true, force: true });
        }
      },
    }),
    peer(setting) {
      const command = (port: number) => peerCommand(peerDir, setting, { model, contextSize, port });
      return {
        label: command(0).label,
        run: (work, onEnded) => withServer({ ready: '/health', work, onEnded }, command),
      };
    },
  };
}

/** Starts a server for one piece of work. */
async function withServer(
  opts: { ready: string; work: Work; onEnded: ((requests: number) => void) | undefined },
  command: (port: number) => ServerCommand,
): Promise<ClientReport> {
  const port = await freePort();
  await using server = await startServer(command(port), { port, ready: opts.ready });
  return await runClient({ ...opts.work, port, pid: server.pid }, opts.onEnded);
}

/** The libraries of ggml and llama.cpp that a server maps, by file name. */
export function engineLibraries(server: RunningServer): string[] {
  return server.libraries().filter((path) => /lib(ggml|llama)[^/]*$/.test(path));
}
