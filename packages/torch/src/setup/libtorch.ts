import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, LucieError, type Progress } from '@lucie/ledger';

/** Pinned wheels with their SHA-256: torch, and the two libraries outside it that `libtorch_cpu.so` links. */
const REQUIREMENTS = join(import.meta.dirname, '../../libtorch.txt');

/** The oldest libtorch whose headers the addon compiles against. */
const OLDEST = [2, 11] as const;

/** Where libtorch lies. */
export interface Libtorch {
  /** Folder with `lib/` and `include/`: `torch` inside PyTorch's wheel, or an unpacked libtorch. */
  dir: string;
  /** e.g. `2.15.0`. */
  version: string;
}

/** The folder that is used: `LUCIE_LIBTORCH`, else the one that set-up has made. */
export function libtorchDir(): string {
  return process.env.LUCIE_LIBTORCH ?? join(cacheDir, 'libtorch', 'torch');
}

/**
 * What lies in `libtorchDir()`, or undefined when nothing does.
 * @throws LucieError `LIBTORCH_TOO_OLD`
 */
export function findLibtorch(dir = libtorchDir()): Libtorch | undefined {
  const header = ['torch/headeronly/version.h', 'torch/version.h', 'torch/csrc/api/include/torch/version.h']
    .map((name) => join(dir, 'include', name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'))
    .find((text) => /TORCH_VERSION_MAJOR\s+\d/.test(text));
  if (!header || !existsSync(join(dir, 'lib', 'libtorch_cpu.so'))) return undefined;
  const [major, minor, patch] = ['MAJOR', 'MINOR', 'PATCH'].map((part) =>
    Number(new RegExp(`TORCH_VERSION_${part}\\s+(\\d+)`).exec(header)?.[1] ?? 0),
  ) as [number, number, number];
  const version = `${major}.${minor}.${patch}`;
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new LucieError({
      code: 'LIBTORCH_TOO_OLD',
      found: `libtorch ${version} in ${dir}`,
      expected: `${OLDEST.join('.')} or newer`,
      todo: 'name a newer one in LUCIE_LIBTORCH, or unset it so that set-up fetches one',
    });
  }
  return { dir, version };
}

/**
 * Finds libtorch or fetches it: PyTorch's wheel without its dependencies (539 MB down, 1.2 GB on disk), through pip.
 * @throws LucieError `LIBTORCH_MISSING` (LUCIE_LIBTORCH names a folder without it), `LIBTORCH_TOO_OLD`, `NO_PYTHON`,
 * `PACKAGE_INTEGRITY`, `FETCH_FAILED`
 */
export async function ensureLibtorch(progress: Progress): Promise<Libtorch> {
  const present = findLibtorch();
  if (present) return present;
  if (process.env.LUCIE_LIBTORCH) {
    throw new LucieError({
      code: 'LIBTORCH_MISSING',
      found: `no lib/libtorch_cpu.so with headers in LUCIE_LIBTORCH=${process.env.LUCIE_LIBTORCH}`,
      expected: 'a folder with lib/ and include/',
      todo: 'correct LUCIE_LIBTORCH, or unset it so that set-up fetches libtorch',
    });
  }
  const target = join(cacheDir, 'libtorch');
  const partial = `${target}.partial`;
  // pip cannot resume: what an interrupted attempt has left is of no use.
  await rm(partial, { recursive: true, force: true });
  await rm(target, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  progress.start('libtorch', 1200, 'MB');
  const timer = setInterval(async () => progress.update(Math.round((await sizeOf(partial)) / 1e6)), 2000);
  try {
    await pipInstall(partial);
  } finally {
    clearInterval(timer);
  }
  await rm(join(partial, 'tmp'), { recursive: true, force: true });
  await rename(partial, target);
  progress.end();
  const fetched = findLibtorch();
  if (!fetched) throw new Error(`pip reported success but ${target} holds no libtorch`);
  return fetched;
}

async function pipInstall(partial: string): Promise<void> {
  const temporary = join(partial, 'tmp');
  await mkdir(temporary);
  // The wheel of CPython 3.11 whatever Python is here: nothing of Python inside it is ever run.
  const platform = ['--python-version', '311', '--implementation', 'cp'];
  // pip takes these tags to the letter: each pinned wheel bears one of them.
  for (const tag of ['manylinux_2_28', 'manylinux_2_25', 'manylinux2014'])
    platform.push('--platform', `${tag}_x86_64`);
  const args = ['-m', 'pip', 'install', '--no-deps', '--no-compile', '--only-binary=:all:', '--no-cache-dir'];
  args.push('--disable-pip-version-check', '--no-input', '--quiet', '--target', partial, ...platform);
  args.push('--require-hashes', '-r', REQUIREMENTS);
  const { code, output } = await run('python3', args, { TMPDIR: temporary });
  if (code === 0) return;
  const last = output.trim().split('\n').at(-1) ?? '';
  if (code === undefined || /No module named pip|ensurepip/.test(output)) {
    throw new LucieError({
      code: 'NO_PYTHON',
      found: code === undefined ? 'no python3 on the PATH' : 'a python3 without pip',
      expected: 'python3 with pip, which fetches libtorch',
      todo: 'install both (Debian: apt install python3-pip) and call again',
    });
  }
  if (/HASHES|hashes/.test(output)) {
    throw new LucieError({
      code: 'PACKAGE_INTEGRITY',
      found: `a package whose SHA-256 is not the pinned one (${last.trim()})`,
      expected: `the hashes in ${REQUIREMENTS}`,
      todo: 'check the package index and any proxy in between, then call again',
    });
  }
  throw new LucieError({
    code: 'FETCH_FAILED',
    found: `pip exit code ${code}: ${last}`,
    expected: 'libtorch from the package index',
    todo: 'check network and disk space, then call again',
  });
}

/** Exit code (undefined when the program does not exist) and everything that was printed. */
export function run(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | undefined; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve({ code: undefined, output }) : reject(error),
    );
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

async function sizeOf(dir: string): Promise<number> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const sizes = await Promise.all(
      files.map((file) =>
        stat(join(file.parentPath, file.name))
          .then((s) => s.size)
          .catch(() => 0),
      ),
    );
    return sizes.reduce((a, b) => a + b, 0);
  } catch {
    return 0;
  }
}
