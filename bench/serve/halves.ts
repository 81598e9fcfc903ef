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

/** Where a bench's files are. */
export interface Place {
  model: string;
  contextSize: number;
  /** Folder of llama-server and its libraries. */
  peerDir: string;
}

/** Ours; every run on a machine that has never read anything, unless `cache` names a folder that stays. */
export function ours(place: Place, opts: { cache?: string; warm?: string } = {}): Half {
  return {
    label: 'lucie serve',
    async run(work, onEnded) {
      const cache = opts.cache ?? (await mkdtemp(join(tmpdir(), 'lucie-bench-cache-')));
      try {
        return await withServer({ ready: '/ready', work, onEnded }, (port) =>
          oursCommand({
            ...{ model: place.model, contextSize: place.contextSize, port, cache },
            ...(opts.warm === undefined ? {} : { warm: opts.warm }),
          }),
        );
      } finally {
        if (opts.cache === undefined) await rm(cache, { recursive: true, force: true });
      }
    },
  };
}

/** llama-server. */
export function peer(place: Place, setting: PeerSetting): Half {
  const command = (port: number) =>
    peerCommand(place.peerDir, setting, { model: place.model, contextSize: place.contextSize, port });
  return {
    label: command(0).label,
    run: (work, onEnded) => withServer({ ready: '/health', work, onEnded }, command),
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
