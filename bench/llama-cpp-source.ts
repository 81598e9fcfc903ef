import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, LucieError, type Progress, runProgram } from '@lucie/ledger';

const PACKAGE = 'node-llama-cpp';
const VERSION = '3.22.1';
const CMAKE = 'cmake==4.4.3';

/** What the source in the package calls itself; the prebuilt libllama is made from the same. */
export const LLAMA_CPP_VERSION = 'v0.5.0';

/** One way of compiling llama.cpp. */
export interface LlamaCppBuild {
  /** Folder of the build beside the source. */
  name: string;
  /** CMake's options by name. */
  options: Readonly<Record<string, 'ON' | 'OFF'>>;
  targets: readonly string[];
}

/** Where the source and what is compiled from it lie unless the caller says otherwise. */
export const llamaCppDir: string = join(cacheDir, 'llama-cpp-source');

/**
 * Compiles llama.cpp from its own source, the git bundle inside the npm package `node-llama-cpp`; what is there already
 * is not made again. Uses `LUCIE_JOBS` compilers at a time, 2 unless set.
 * @returns the folder of the compiled programs
 * @throws LucieError `PEER_TOOLS_MISSING`, `PEER_SETUP_FAILED`
 */
export async function buildLlamaCpp(
  build: LlamaCppBuild,
  opts: { progress: Progress; dir?: string },
): Promise<string> {
  const { progress, dir = llamaCppDir } = opts;
  await mkdir(dir, { recursive: true });
  await needTools(['git', 'g++', 'make', 'tar', 'npm']);
  progress.start(
    `llama.cpp ${LLAMA_CPP_VERSION} from its source (${build.targets.join(', ')}), some minutes`,
  );
  const source = await fetchSource(dir);
  const output = join(dir, build.name);
  const cmake = await findCmake(dir);
  await run(cmake, [
    ...['-S', source, '-B', output, '-DCMAKE_BUILD_TYPE=Release'],
    // Its own warnings are not ours to read.
    ...['-DCMAKE_C_FLAGS=-w', '-DCMAKE_CXX_FLAGS=-w'],
    ...Object.entries(build.options).map(([name, value]) => `-D${name}=${value}`),
  ]);
  const jobs = process.env.LUCIE_JOBS ?? '2';
  await run('nice', ['-n', '19', cmake, '--build', output, '-j', jobs, '--target', ...build.targets]);
  progress.end();
  return join(output, 'bin');
}

async function fetchSource(dir: string): Promise<string> {
  const source = join(dir, 'source');
  if (existsSync(source)) return source;
  const partial = join(dir, 'source.partial');
  await rm(partial, { recursive: true, force: true });
  await run('npm', ['pack', `${PACKAGE}@${VERSION}`, '--silent', '--pack-destination', dir]);
  await run('tar', [
    ...['xf', join(dir, `${PACKAGE}-${VERSION}.tgz`), '-C', dir],
    'package/llama/gitRelease.bundle',
  ]);
  await run('git', ['clone', '--quiet', join(dir, 'package/llama/gitRelease.bundle'), partial]);
  await rename(partial, source);
  return source;
}

/** The machine's cmake, or one from PyPI in the build folder. */
async function findCmake(dir: string): Promise<string> {
  if ((await runProgram('cmake', ['--version'])).code === 0) return 'cmake';
  const venv = join(dir, 'venv');
  const cmake = join(venv, 'bin', 'cmake');
  if (existsSync(cmake)) return cmake;
  const made = await runProgram('python3', ['-m', 'venv', venv]);
  if (made.code !== 0) throw toolsMissing('cmake');
  await run(join(venv, 'bin', 'pip'), ['install', '--quiet', CMAKE]);
  return cmake;
}

async function needTools(names: readonly string[]): Promise<void> {
  for (const name of names)
    if ((await runProgram(name, ['--version'])).code === undefined) throw toolsMissing(name);
}

function toolsMissing(name: string): LucieError {
  return new LucieError({
    code: 'PEER_TOOLS_MISSING',
    found: `no ${name} on the PATH`,
    expected: 'what compiles the peer, llama.cpp, from its source',
    todo: 'install it (Debian: apt install git g++ make cmake) and call again',
  });
}

async function run(program: string, args: string[]): Promise<void> {
  const { code, output } = await runProgram(program, args);
  if (code === 0) return;
  throw new LucieError({
    code: 'PEER_SETUP_FAILED',
    found: `${program} ${args.slice(0, 4).join(' ')} with exit code ${code}: ${output.trim().split('\n').slice(-3).join(' / ')}`,
    expected: "llama.cpp's source, compiled",
    todo: 'run that command by hand to see all of its output',
  });
}
