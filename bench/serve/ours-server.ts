import { join } from 'node:path';
import { projectRoot } from '@lucie/ledger';
import type { ServerCommand } from './server-process.ts';

/** Requests that ours works on at a time, in every row. */
export const SEQUENCES = 32;

/** The flags that do not depend on the machine. */
export const oursFlags = (contextSize: number): string[] => [
  ...['--threads', '1', '--sequences', String(SEQUENCES), '--context', String(contextSize)],
];

/**
 * How our server is started: the command that people use, one thread.
 * @param opts.cache - folder of what it keeps between starts; another one is a machine that has never read the course
 * @param opts.warm - file of a course that is read before the first question
 */
export function oursCommand(opts: {
  model: string;
  port: number;
  contextSize: number;
  cache: string;
  warm?: string;
}): ServerCommand {
  const main = join(projectRoot, 'packages', 'cli', 'src', 'main.ts');
  const warm = opts.warm === undefined ? [] : ['--warm', opts.warm];
  return {
    program: process.execPath,
    args: [
      ...[main, 'serve', opts.model, '--port', String(opts.port)],
      ...[...oursFlags(opts.contextSize), ...warm],
    ],
    env: { LUCIE_CACHE: opts.cache },
    label: 'lucie serve',
  };
}
