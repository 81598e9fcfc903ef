import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random, sha256File } from '@lucie/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killedBase, prepare, randomKill, runKilled } from './killed-run.ts';
import { runTiny, tinyStages } from './tiny-run.ts';

const until = 'instruct';
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kills-'));
});
afterAll(() => rm(root, { recursive: true }));

test('killed again and again until it is done, in five runs: the same weights each time', async () => {
  const whole = join(root, 'whole');
  await runTiny(whole, tinyStages(killedBase).slice(0, 3));
  await runKilled({ dir: whole, until });
  let kills = 0;
  for (let seed = 0; seed < 5; seed++) {
    const dir = join(root, `run-${seed}`);
    await prepare(whole, dir);
    const random = new Random(seed, 'kills');
    for (let i = 0; (await runKilled({ dir, until }, randomKill(random, i))) === 'killed'; i++) kills++;
    for (const file of [
      '04-base/model.safetensors',
      '04-base/metrics.jsonl',
      '05-instruct/model.safetensors',
    ]) {
      expect(await sha256File(join(dir, file)), `${file} of run ${seed}`).toBe(
        await sha256File(join(whole, file)),
      );
    }
  }
  expect(kills).toBeGreaterThan(20);
}, 600_000);
