import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findLibllama } from '@lucie/inference';
import { cacheDir, type Progress } from '@lucie/ledger';
import { buildLlamaCpp, LLAMA_CPP_VERSION, type LlamaCppBuild } from '../llama-cpp-source.ts';
import type { ServerCommand } from './server-process.ts';

/** llama-server against shared libraries, so that the prebuilt ones can take the places of those compiled here. */
const BUILD: LlamaCppBuild = {
  name: 'build-shared',
  options: {
    BUILD_SHARED_LIBS: 'ON',
    GGML_BACKEND_DL: 'ON',
    GGML_NATIVE: 'OFF',
    GGML_OPENMP: 'OFF',
    LLAMA_OPENSSL: 'OFF',
    LLAMA_USE_PREBUILT_UI: 'OFF',
    LLAMA_BUILD_TESTS: 'OFF',
    LLAMA_BUILD_EXAMPLES: 'OFF',
  },
  targets: ['llama-server'],
};

/** Compiled from the source: the program and what the prebuilt package does not have. */
const COMPILED = ['llama-server', 'libllama-server-impl.so', 'libmtmd.so.0'];

/** Under which name the program looks for a library, and the prebuilt file that it gets. */
const PREBUILT_AS = {
  'libllama.so.0': `libllama.${LLAMA_CPP_VERSION}.so`,
  'libllama-common.so.0': 'libllama-common.so',
  'libggml.so.0': `libggml.${LLAMA_CPP_VERSION}.so`,
  'libggml-base.so.0': 'libggml-base.so',
};

/** How many requests the peer works on at a time, and whether they share one pool of cells. */
export interface PeerSetting {
  parallel: number;
  unified: boolean;
}

/** Every setting tried: `-np` 1, 4, 8 and 30, each with a pool per slot and with one for all. */
export const peerSettings: readonly PeerSetting[] = [1, 4, 8, 30].flatMap((parallel) =>
  parallel === 1
    ? [{ parallel, unified: false }]
    : [
        { parallel, unified: false },
        { parallel, unified: true },
      ],
);

/**
 * A folder with llama-server and links to the libraries that our own engine loads: both halves run the very same
 * kernels. Compiled on the first call.
 * @throws LucieError `PEER_TOOLS_MISSING`, `PEER_SETUP_FAILED`, `ENGINE_MISSING`
 */
export async function ensurePeerServer(progress: Progress): Promise<string> {
  const { dir: prebuilt, version } = findLibllama();
  const dir = join(cacheDir, 'bench', `llama-server-${LLAMA_CPP_VERSION}-${version}`);
  if (existsSync(dir)) return dir;
  const bin = await buildLlamaCpp(BUILD, { progress });
  const partial = `${dir}.${process.pid}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  for (const name of COMPILED) await copyFile(join(bin, name), join(partial, name));
  // The processor's backend is looked for beside the program, under its own name.
  for (const name of await readdir(prebuilt))
    if (name.endsWith('.so')) await symlink(join(prebuilt, name), join(partial, name));
  for (const [name, file] of Object.entries(PREBUILT_AS))
    await symlink(join(prebuilt, file), join(partial, name));
  await rename(partial, dir);
  return dir;
}

/**
 * How llama-server is started: one thread, the same context per request as ours, and its caches as its README has them:
 * reuse of the prompt in the slot, similar chunks moved (`--cache-reuse`), idle slots kept in memory (`--cache-ram`).
 * @param opts.contextSize - tokens of one request, prompt and answer together
 */
export function peerCommand(
  dir: string,
  setting: PeerSetting,
  opts: { model: string; port: number; contextSize: number },
): ServerCommand {
  const { parallel, unified } = setting;
  return {
    program: join(dir, 'llama-server'),
    args: [
      ...['-m', opts.model, '--host', '127.0.0.1', '--port', String(opts.port)],
      ...['-t', '1', '-tb', '1', '-c', String(opts.contextSize * parallel), ...peerFlags(setting)],
    ],
    env: { LD_LIBRARY_PATH: dir },
    label: `llama-server -np ${parallel}${unified ? ' -kvu' : ''}`,
  };
}

/**
 * The flags that do not depend on the machine. Answers are not searched for reasoning and tool calls
 * (`--skip-chat-parsing`): ours does not do that either.
 */
export function peerFlags({ parallel, unified }: PeerSetting): string[] {
  return [
    ...['-np', String(parallel), unified ? '--kv-unified' : '--no-kv-unified'],
    ...['--cache-reuse', '256', '--cache-ram', '8192', '--skip-chat-parsing', '--no-slots'],
  ];
}
