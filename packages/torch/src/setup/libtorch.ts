import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, LucieError, type Progress, pipInstall } from '@lucie/ledger';

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
    // Each pinned wheel bears one of these tags.
    await pipInstall(partial, {
      requirements: REQUIREMENTS,
      python: '311',
      platforms: ['manylinux_2_28', 'manylinux_2_25', 'manylinux2014'].map((tag) => `${tag}_x86_64`),
      what: 'libtorch',
    });
  } finally {
    clearInterval(timer);
  }
  await rename(partial, target);
  progress.end();
  const fetched = findLibtorch();
  if (!fetched) throw new Error(`pip reported success but ${target} holds no libtorch`);
  return fetched;
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
