/**
 * Other people's llama.cpp reads our files: builds llama.cpp from its own source (the git bundle inside the npm package
 * `node-llama-cpp`, tag v0.5.0), then lets its programs complete and score text with every GGUF of a release.
 *
 *     node bench/release/llama-cpp.ts runs/nano/07-release [build folder]
 *
 * Needs git, g++, make, and cmake (fetched from PyPI into the build folder when the machine has none); about 8 minutes
 * of CPU the first time. Prints PASS or FAIL per file, exits 1 when one fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { terminalProgress } from '@lucie/ledger';
import { buildLlamaCpp, llamaCppDir } from '../llama-cpp-source.ts';

/**
 * Plain kernels. llama.cpp's AMX ones end in a general protection fault at `ldtilecfg` when Debian's gcc 12 has compiled
 * them, whatever the model, and are wrong for rows of 32 values.
 */
const PLAIN = '--no-repack';
const PROMPT = 'Le conseil municipal';

const [release, folder = llamaCppDir] = process.argv.slice(2);
if (!release || !existsSync(release)) {
  console.error('usage: node bench/release/llama-cpp.ts RELEASE_FOLDER [BUILD_FOLDER]');
  process.exit(2);
}

const off = [
  'LLAMA_OPENSSL',
  'LLAMA_USE_PREBUILT_UI',
  'LLAMA_BUILD_TESTS',
  'LLAMA_BUILD_EXAMPLES',
  'BUILD_SHARED_LIBS',
];
const bin = await buildLlamaCpp(
  {
    name: 'build',
    options: Object.fromEntries(off.map((name) => [name, 'OFF'] as const)),
    targets: ['llama-completion', 'llama-perplexity'],
  },
  { progress: terminalProgress(), dir: resolve(folder) },
);
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
