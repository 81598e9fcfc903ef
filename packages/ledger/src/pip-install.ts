import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError } from './error.ts';
import { runProgram } from './run-program.ts';

/** What is fetched from Python's package index, and for whom its wheels are made. */
export interface PipOptions {
  /** A requirements file with one pinned SHA-256 or more per package. */
  requirements: string;
  /** The CPython that the wheels are for, whatever Python is here, e.g. `311`: nothing of Python inside is run. */
  python: string;
  /** Platform tags of the wheels, to the letter; none for wheels of any platform. */
  platforms: readonly string[];
  /** For error messages, e.g. `libtorch`. */
  what: string;
}

/**
 * Fetches wheels with pip, checks their hashes and unpacks them into `folder`, which exists and is the caller's own:
 * pip cannot resume, so what a failed attempt leaves there is of no use.
 * @throws LucieError `NO_PYTHON`, `PACKAGE_INTEGRITY`, `FETCH_FAILED`
 */
export async function pipInstall(folder: string, opts: PipOptions): Promise<void> {
  // On the disk that has room for the result: /tmp is often small.
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const args = ['-m', 'pip', 'install', '--no-deps', '--no-compile', '--only-binary=:all:', '--no-cache-dir'];
  args.push('--disable-pip-version-check', '--no-input', '--quiet', '--target', folder);
  args.push('--python-version', opts.python, '--implementation', 'cp');
  for (const platform of opts.platforms) args.push('--platform', platform);
  args.push('--require-hashes', '-r', opts.requirements);
  const { code, output } = await runProgram('python3', args, { TMPDIR: temporary });
  if (code !== 0) throw pipError(code, output, opts);
  await rm(temporary, { recursive: true, force: true });
}

function pipError(code: number | undefined, output: string, opts: PipOptions): LucieError {
  const last = output.trim().split('\n').at(-1) ?? '';
  if (code === undefined || /No module named pip|ensurepip/.test(output)) {
    return new LucieError({
      code: 'NO_PYTHON',
      found: code === undefined ? 'no python3 on the PATH' : 'a python3 without pip',
      expected: `python3 with pip, which fetches ${opts.what}`,
      todo: 'install both (Debian: apt install python3-pip) and call again',
    });
  }
  if (/HASHES|hashes/.test(output)) {
    return new LucieError({
      code: 'PACKAGE_INTEGRITY',
      found: `a package whose SHA-256 is not the pinned one (${last.trim()})`,
      expected: `the hashes in ${opts.requirements}`,
      todo: 'check the package index and any proxy in between, then call again',
    });
  }
  return new LucieError({
    code: 'FETCH_FAILED',
    found: `pip exit code ${code}: ${last}`,
    expected: `${opts.what} from the package index`,
    todo: 'check network and disk space, then call again',
  });
}
