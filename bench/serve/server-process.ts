import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LucieError } from '@lucie/ledger';

/** How a server is started. */
export interface ServerCommand {
  program: string;
  args: string[];
  env: Record<string, string>;
  /** For people. */
  label: string;
}

/** The core that servers run on; clients run on another. */
export const SERVER_CORE = 0;

/** A server at work on one core; dispose to stop it. */
export interface RunningServer extends AsyncDisposable {
  pid: number;
  port: number;
  /** Resident memory now, in bytes. */
  memory(): number;
  /** Shared libraries that the process has mapped, as absolute paths, sorted. */
  libraries(): string[];
}

/** A port of this machine that nobody uses at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a server on its core and waits until it can answer.
 * @param opts.ready - a path that answers 200 once it can
 * @throws LucieError `SERVER_FAILED` with the end of what it said
 */
export async function startServer(
  command: ServerCommand,
  opts: { port: number; ready: string },
): Promise<RunningServer> {
  const log = join(tmpdir(), `lucie-bench-server-${process.pid}-${opts.port}.log`);
  const file = openSync(log, 'w');
  const child = spawn('taskset', ['-c', String(SERVER_CORE), command.program, ...command.args], {
    env: { ...process.env, OMP_NUM_THREADS: '1', ...command.env },
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    await stopProcess(child, ended);
    await rm(log, { force: true });
  };
  try {
    await untilReady(`http://127.0.0.1:${opts.port}${opts.ready}`, ended);
  } catch {
    const said = readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' / ').slice(-600);
    await stop();
    throw new LucieError({
      code: 'SERVER_FAILED',
      found: `${command.label} that did not come up: ${said}`,
      expected: `an answer at ${opts.ready} within two minutes`,
      todo: `run it by hand: ${command.program} ${command.args.join(' ')}`,
    });
  }
  const pid = child.pid!;
  return {
    pid,
    port: opts.port,
    memory: () => residentBytes(pid),
    libraries: () => mappedLibraries(pid),
    [Symbol.asyncDispose]: stop,
  };
}

async function untilReady(url: string, ended: Promise<void>): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (const until = performance.now() + 120_000; performance.now() < until && !over; ) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
      await answer.arrayBuffer();
      if (answer.ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('not ready');
}

async function stopProcess(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(timer);
}

function residentBytes(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}

function mappedLibraries(pid: number): string[] {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
  return [...new Set(maps.match(/\/\S*\.so[.\d]*$/gm) ?? [])].sort();
}
