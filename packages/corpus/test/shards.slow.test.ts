import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { listFiles, projectRoot, sha256File, silent } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { corpusSteps } from '../src/corpus-steps.ts';
import { localSource } from '../src/index.ts';
import { corpusOptions } from '../src/options.ts';
import { runSteps } from '../src/steps/run-steps.ts';
import { testDir } from './run-steps.ts';

const options = corpusOptions.parse({
  sources: [localSource('recipes/pico-text', { source: 'pico-text' })],
  heldOutFraction: 0.1,
});
const make = () => corpusSteps(options, { cacheDir: '/nowhere', name: 'pico' });

async function hashes(root: string): Promise<Record<string, string>> {
  const names = await listFiles(root);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await sha256File(join(root, name))])),
  );
}

test('every step of a corpus in 1, 3 and 8 shards, the last shard first, with more and less memory: the same bytes', async () => {
  const run = (root: string, opts: object) =>
    runSteps(make(), root, {
      progress: silent,
      signal: new AbortController().signal,
      memoryBytes: 512e6,
      ...opts,
    });
  const alone = testDir();
  await run(alone, {});
  const expected = await hashes(alone);
  for (const of of [3, 8]) {
    const root = testDir();
    for (const { name } of make()) {
      for (let index = of; index >= 1; index--)
        await run(root, { only: name, shard: { index, of }, memoryBytes: of * 32e6 });
    }
    expect(await run(root, {})).toMatchObject({ made: 0, complete: true });
    expect(await hashes(root)).toEqual(expected);
  }
});

test('a build that is killed again and again ends with the same bytes', { timeout: 300_000 }, async () => {
  const runs = testDir();
  const env = { ...process.env, LUCIE_RUNS: runs };
  const program = [
    '--disable-warning=ExperimentalWarning',
    ...[
      join(projectRoot, 'packages/cli/src/main.ts'),
      'corpus',
      'build',
      '--recipe',
      'pico',
      '--workers',
      '2',
    ],
  ];
  const build = () => spawn(process.execPath, program, { env, stdio: 'ignore', detached: true });
  for (const wait of [700, 1100, 1500, 1900, 2500]) {
    const child = build();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await Promise.race([setTimeout(wait), ended]);
    // The whole group: workers die with the one that started them, as in a power cut.
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It had ended by itself.
    }
    await ended;
  }
  const last = build();
  expect(await new Promise((resolve) => last.once('exit', resolve))).toBe(0);
  const work = testDir();
  mkdirSync(work, { recursive: true });
  await runSteps(make(), work, {
    progress: silent,
    signal: new AbortController().signal,
    memoryBytes: 512e6,
  });
  expect(await hashes(join(runs, 'pico/01-corpus.work'))).toEqual(await hashes(work));
});
