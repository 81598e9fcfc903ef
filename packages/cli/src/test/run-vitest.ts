import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Runs vitest in a process of its own inside `root`.
 * @param filters - path prefixes, e.g. `packages/torch/`; none means everything
 * @param opts - `relatedTo`: only the tests below the one filter that import this file, directly or not
 * @returns vitest's exit code and, when `quiet`, what it printed
 */
export function runVitest(
  root: string,
  filters: string[],
  opts: {
    all: boolean;
    quiet?: boolean;
    env?: Record<string, string>;
    bail?: boolean;
    relatedTo?: string;
    signal?: AbortSignal;
  },
): Promise<{ code: number; output: string }> {
  const reporters = opts.quiet
    ? ['--reporter=dot']
    : ['--reporter=default', `--reporter=${join(import.meta.dirname, 'plain-reporter.ts')}`];
  const what = opts.relatedTo
    ? [
        'related',
        opts.relatedTo,
        '--run',
        `--exclude=!(${filters[0]!.split('/')[0]})/**`,
        `--exclude=packages/!(${filters[0]!.split('/')[1]})/**`,
      ]
    : ['run', ...filters];
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), ...what, ...reporters];
  if (opts.bail) args.push('--bail=1');
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...opts.env, LUCIE_TEST_ALL: opts.all ? '1' : '0' },
    stdio: ['ignore', opts.quiet ? 'pipe' : 'inherit', opts.quiet ? 'pipe' : 'inherit'],
    signal: opts.signal,
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
