import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listFiles, projectRoot, sha256File, silent } from '@lucie/ledger';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runSteps } from '../src/steps/run-steps.ts';
import { submitToSlurm } from '../src/steps/slurm.ts';
import { type CountingInput, steps } from './counting-steps.ts';
import { type SlurmCluster, startSlurm } from './slurm-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'lucie-slurm-'));
let cluster: SlurmCluster | string;

beforeAll(async () => {
  cluster = await startSlurm(folder);
  if (typeof cluster !== 'string') vi.stubEnv('SLURM_CONF', cluster.env.SLURM_CONF);
}, 300_000);

afterAll(async () => {
  if (typeof cluster !== 'string') await cluster[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const input: CountingInput = { words: ['un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept'], factor: 2 };

function submit(root: string, written: CountingInput) {
  const program = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    join(import.meta.dirname, 'run-counting.ts'),
  ];
  return submitToSlurm(steps(written), {
    ...{ root, shards: 3, taskBytes: 1e9, name: 'test' },
    commands: {
      shard: (step, shard) => [...program, root, JSON.stringify(written), step, shard],
      finish: () => [...program, root, JSON.stringify(written)],
    },
  });
}

/** Hashes of the units' files by path. */
async function unitFiles(root: string): Promise<Record<string, string>> {
  const names = (await listFiles(root)).filter((name) => /^(count|sum)\//.test(name));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await sha256File(join(root, name))])),
  );
}

test('job arrays of a real Slurm make the same bytes; a failed task holds the rest back, and only it is sent again', async (context) => {
  if (typeof cluster === 'string') return context.skip(cluster);
  const alone = join(folder, 'alone');
  await runSteps(steps(input), alone, {
    progress: silent,
    signal: new AbortController().signal,
    memoryBytes: 1e8,
  });

  const root = join(folder, 'jobs');
  const first = await submit(root, { ...input, fails: 'trois' });
  expect(first.map(({ step, tasks }) => [step, tasks])).toEqual([
    ['count', '1-3'],
    ['sum', '1'],
    ['finish', ''],
  ]);
  await cluster.idle(60);
  expect(existsSync(join(root, 'finished.json'))).toBe(false);
  expect(readFileSync(join(root, 'slurm', `count-${first[0]!.id}_3.log`), 'utf8')).toContain('trois');

  const second = await submit(root, input);
  expect(second.map(({ step, tasks }) => [step, tasks])).toEqual([
    ['count', '3'],
    ['sum', '1'],
    ['finish', ''],
  ]);
  await cluster.idle(60);
  expect(JSON.parse(readFileSync(join(root, 'finished.json'), 'utf8'))).toEqual({ made: 0, complete: true });
  expect(await unitFiles(root)).toEqual(await unitFiles(alone));

  const third = await submit(root, input);
  expect(third.map(({ step }) => step)).toEqual(['finish']);
  await cluster.idle(60);
});

test('lucie corpus build --slurm makes the corpus that one process makes', {
  timeout: 900_000,
}, async (context) => {
  if (typeof cluster === 'string') return context.skip(cluster);
  const build = (runs: string, args: string[]) => {
    const env = { ...process.env, LUCIE_RUNS: join(folder, runs) };
    const lucie = join(projectRoot, 'lucie');
    const { status, stdout, stderr } = spawnSync(
      lucie,
      ['corpus', 'build', '--recipe', 'pico', '--json', ...args],
      {
        env,
        encoding: 'utf8',
      },
    );
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as { digest: string; jobs: unknown[] };
  };
  const { digest } = build('here', ['--workers', '1']);
  expect(build('slurm', ['--slurm', '--shards', '3']).jobs.length).toBeGreaterThan(5);
  await cluster.idle(600);
  expect(build('slurm', ['--workers', '1']).digest).toBe(digest);
  const manifest = JSON.parse(readFileSync(join(folder, 'slurm/pico/01-corpus/manifest.json'), 'utf8')) as {
    digest: string;
  };
  expect(manifest.digest).toBe(digest);
});

test('without a Slurm it says so', async () => {
  vi.stubEnv('PATH', '/nowhere');
  await expect(submit(join(folder, 'none'), input)).rejects.toMatchObject({ code: 'SLURM_MISSING' });
  vi.unstubAllEnvs();
});
