import { spawn } from 'node:child_process';

/** Runs a program to its end: its exit code (undefined when it does not exist), standard output, and both streams together. */
export function runProgram(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | undefined; stdout: string; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let output = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve({ code: undefined, stdout, output }) : reject(error),
    );
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, output }));
  });
}
