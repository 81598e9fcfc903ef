import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, LucieError, type Progress, sha256 } from '@lucie/ledger';
import { runProgram } from './run-program.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/**
 * Python with full PyTorch in an environment of its own (5.9 GB), set up once: the peer that the bench measures
 * against. Returns its interpreter.
 * @throws LucieError `NO_PYTHON`, `PEER_SETUP_FAILED`
 */
export async function ensurePeerPython(progress: Progress): Promise<string> {
  const dir = join(cacheDir, 'bench-venv');
  const python = join(dir, 'bin', 'python');
  const wanted = sha256(await readFile(REQUIREMENTS));
  const mark = join(dir, 'lucie-requirements.sha256');
  if (existsSync(mark) && (await readFile(mark, 'utf8')).trim() === wanted) return python;
  progress.start('PyTorch for the comparison (5.9 GB)');
  await rm(dir, { recursive: true, force: true });
  await mkdir(cacheDir, { recursive: true });
  const made = await runProgram('python3', ['-m', 'venv', dir]);
  if (made.code !== 0) {
    throw new LucieError({
      code: 'NO_PYTHON',
      found:
        made.code === undefined
          ? 'no python3 on the PATH'
          : `python3 -m venv failing: ${lastLine(made.output)}`,
      expected: 'Python 3.11 or newer with venv, which runs the peer',
      todo: 'install it (Debian: apt install python3-venv) and call again',
    });
  }
  const args = ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '--no-deps', '--require-hashes'];
  const installed = await runProgram(python, [...args, '-r', REQUIREMENTS]);
  if (installed.code !== 0) {
    throw new LucieError({
      code: 'PEER_SETUP_FAILED',
      found: `pip exit code ${installed.code}: ${lastLine(installed.output)}`,
      expected: `the packages of ${REQUIREMENTS}`,
      todo: 'check network, disk space (6 GB) and the Python version (3.11 to 3.14), then call again',
    });
  }
  // Written last and renamed: a half-made environment is made anew.
  await writeFile(`${mark}.tmp`, `${wanted}\n`);
  await rename(`${mark}.tmp`, mark);
  progress.end();
  return python;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
