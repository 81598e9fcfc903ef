/**
 * Other people's llama.cpp reads our files: builds llama.cpp from its own source (the git bundle inside the npm package
 * `node-llama-cpp`, tag v0.5.0), then lets its programs complete and score text with every GGUF of a release.
 *
 *     node bench/release/llama-cpp-source.ts runs/nano/07-release [build folder]
 *
 * Needs git, g++, make, and cmake (fetched from PyPI into the build folder when the machine has none); about 8 minutes
 * of CPU the first time. Prints PASS or FAIL per file, exits 1 when one fails.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheDir } from '@lucie/ledger';

const PACKAGE = 'node-llama-cpp';
const VERSION = '3.22.1';
const PROGRAMS = ['llama-completion', 'llama-perplexity'];
/**
 * Plain kernels. llama.cpp's AMX ones end in a general protection fault at `ldtilecfg` when Debian's gcc 12 has compiled
 * them, whatever the model, and are wrong for rows of 32 values.
 */
const PLAIN = '--no-repack';
const PROMPT = 'Le conseil municipal';

const [release, folder = join(cacheDir, 'llama-cpp-source')] = process.argv.slice(2);
if (!release || !existsSync(release)) {
  console.error('usage: node bench/release/llama-cpp-source.ts RELEASE_FOLDER [BUILD_FOLDER]');
  process.exit(2);
}

const bin = build(resolve(folder));
let failed = 0;
for (const name of readdirSync(release)
  .filter((file) => file.endsWith('.gguf'))
  .sort()) {
  const faults = check(join(release, name));
  failed += faults.length > 0 ? 1 : 0;
  console.log(
    `${faults.length > 0 ? 'FAIL' : 'PASS'} ${name}${faults.map((fault) => `: ${fault}`).join('')}`,
  );
}
process.exit(failed > 0 ? 1 : 0);

/** Folder of the compiled programs; what is there already is not made again. */
function build(dir: string): string {
  const run = (command: string, args: string[], cwd = dir) =>
    execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  mkdirSync(dir, { recursive: true });
  const source = join(dir, 'source');
  if (!existsSync(source)) {
    run('npm', ['pack', `${PACKAGE}@${VERSION}`, '--silent']);
    run('tar', ['xf', `${PACKAGE}-${VERSION}.tgz`, 'package/llama/gitRelease.bundle']);
    run('git', ['clone', '--quiet', 'package/llama/gitRelease.bundle', 'source.partial']);
    renameSync(join(dir, 'source.partial'), source);
  }
  const output = join(dir, 'build');
  const cmake = findCmake(dir, run);
  const off = [
    'LLAMA_OPENSSL',
    'LLAMA_USE_PREBUILT_UI',
    'LLAMA_BUILD_TESTS',
    'LLAMA_BUILD_EXAMPLES',
    'BUILD_SHARED_LIBS',
  ];
  run(cmake, [
    '-S',
    source,
    '-B',
    output,
    '-DCMAKE_BUILD_TYPE=Release',
    // Its own warnings are not ours to read.
    '-DCMAKE_C_FLAGS=-w',
    '-DCMAKE_CXX_FLAGS=-w',
    ...off.map((name) => `-D${name}=OFF`),
  ]);
  const jobs = process.env.LUCIE_JOBS ?? '2';
  run('nice', ['-n', '19', cmake, '--build', output, '-j', jobs, '--target', ...PROGRAMS]);
  return join(output, 'bin');
}

function findCmake(dir: string, run: (command: string, args: string[]) => void): string {
  if (spawnSync('cmake', ['--version']).status === 0) return 'cmake';
  const venv = join(dir, 'venv');
  if (!existsSync(join(venv, 'bin', 'cmake'))) {
    run('python3', ['-m', 'venv', venv]);
    run(join(venv, 'bin', 'pip'), ['install', '--quiet', 'cmake==4.4.3']);
  }
  return join(venv, 'bin', 'cmake');
}

/** What llama.cpp's own programs could not do with a file. */
function check(path: string): string[] {
  const faults: string[] = [];
  const program = (name: string, args: string[]) =>
    spawnSync(join(bin, name), ['-m', path, '-t', '1', PLAIN, ...args], {
      encoding: 'utf8',
      input: '',
      timeout: 300_000,
    });

  const completion = program('llama-completion', [
    '-p',
    PROMPT,
    '-n',
    '16',
    '--temp',
    '0',
    '-no-cnv',
    '--no-warmup',
  ]);
  const text = completion.stdout.trim();
  if (completion.status !== 0)
    faults.push(`llama-completion ended with ${completion.status ?? completion.signal}`);
  else if (!text.startsWith(PROMPT) || text.length <= PROMPT.length)
    faults.push(`no completion in ${JSON.stringify(text)}`);

  const perplexity = program('llama-perplexity', [
    '-f',
    join(release!, 'README.md'),
    '-c',
    '64',
    '-b',
    '64',
    '--no-warmup',
  ]);
  const estimate = Number(
    /Final estimate: PPL = ([\d.]+)/.exec(perplexity.stdout + perplexity.stderr)?.[1] ?? Number.NaN,
  );
  if (perplexity.status !== 0)
    faults.push(`llama-perplexity ended with ${perplexity.status ?? perplexity.signal}`);
  else if (!Number.isFinite(estimate)) faults.push('no perplexity');
  if (faults.length === 0) console.log(`     ${JSON.stringify(text)}, perplexity of the card ${estimate}`);
  return faults;
}
