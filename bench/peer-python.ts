import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, LucieError, type Progress, runProgram, sha256 } from '@lucie/ledger';

/** Peers that share an environment. */
export interface PeerEnvironment {
  /** Folder below the cache. */
  dir: string;
  /** For people, with the room it takes. */
  label: string;
  /** Installed in this order. */
  requirements: { file: string; options: string[] }[];
}

/** PyTorch by hash, then what reads Hugging Face folders, by version. */
export const torchPeers: PeerEnvironment = {
  dir: 'bench-venv',
  label: 'PyTorch for the comparison (6 GB)',
  requirements: [
    { file: join(import.meta.dirname, 'requirements-torch.txt'), options: ['--require-hashes'] },
    { file: join(import.meta.dirname, 'requirements-transformers.txt'), options: [] },
  ],
};

/** Programs that find duplicates. */
export const dedupPeers: PeerEnvironment = {
  dir: 'bench-venv-dedup',
  label: 'rensa and datatrove for the comparison (400 MB)',
  requirements: [{ file: join(import.meta.dirname, 'requirements-dedup.txt'), options: [] }],
};

/**
 * Python with the peers that benches measure against in an environment of its own, set up once. Returns its
 * interpreter.
 * @throws LucieError `NO_PYTHON`, `PEER_SETUP_FAILED`
 */
export async function ensurePeerPython(
  progress: Progress,
  peers: PeerEnvironment = torchPeers,
): Promise<string> {
  const dir = join(cacheDir, peers.dir);
  const python = join(dir, 'bin', 'python');
  const texts = await Promise.all(peers.requirements.map(({ file }) => readFile(file, 'utf8')));
  const wanted = sha256(texts.join('\n'));
  const mark = join(dir, 'lucie-requirements.sha256');
  if (existsSync(mark) && (await readFile(mark, 'utf8')).trim() === wanted) return python;
  progress.start(peers.label);
  await rm(dir, { recursive: true, force: true });
  await mkdir(cacheDir, { recursive: true });
  // Without pip of its own: Debian's python3 cannot give it one unless python3-venv is there; the outer pip serves.
  const made = await runProgram('python3', ['-m', 'venv', '--without-pip', dir]);
  if (made.code !== 0) {
    throw new LucieError({
      code: 'NO_PYTHON',
      found:
        made.code === undefined
          ? 'no python3 on the PATH'
          : `python3 -m venv failing: ${lastLine(made.output)}`,
      expected: 'Python 3.11 or newer with pip, which runs the peer',
      todo: 'install them (Debian: apt install python3-pip) and call again',
    });
  }
  for (const { file, options } of peers.requirements) {
    const args = [
      '-m',
      'pip',
      '--python',
      python,
      'install',
      '--quiet',
      '--only-binary=:all:',
      '--no-deps',
      ...options,
      '-r',
      file,
    ];
    const installed = await runProgram('python3', args);
    if (installed.code !== 0) {
      throw new LucieError({
        code: 'PEER_SETUP_FAILED',
        found: `pip exit code ${installed.code}: ${lastLine(installed.output)}`,
        expected: `the packages of ${file}`,
        todo: 'check network, disk space (7 GB for PyTorch) and the Python version (3.11 to 3.14), then call again',
      });
    }
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
