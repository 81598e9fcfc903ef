import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random, sha256File } from '@lucie/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Kill, killedBase, prepare, trainInChild } from './killed-run.ts';
import { runTiny, tinyStages } from './tiny-run.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kills-'));
});
afterAll(() => rm(root, { recursive: true }));

const moments = ['outside', 'writing', 'outside', 'step'] as const;

test('killed again and again until it is done, in three runs: the same weights each time', async () => {
  const whole = join(root, 'whole');
  await runTiny(whole, tinyStages(killedBase).slice(0, 3));
  await trainInChild({ dir: whole, until: 'instruct' });
  let kills = 0;
  for (let seed = 0; seed < 3; seed++) {
    const dir = join(root, `run-${seed}`);
    await prepare(whole, dir);
    const random = new Random(seed, 'kills');
    const next = (i: number): Kill => ({
      afterSteps: random.below(12),
      moment: moments[i % 4]!,
      delayMs: random.below(20),
    });
    for (let i = 0; (await trainInChild({ dir, until: 'instruct' }, next(i))) === 'killed'; i++) kills++;
    for (const file of [
      '04-base/model.safetensors',
      '04-base/metrics.jsonl',
      '05-instruct/model.safetensors',
    ]) {
      const [actual, expected] = await Promise.all([dir, whole].map((run) => sha256File(join(run, file))));
      expect(actual, `${file} of run ${seed}`).toBe(expected);
    }
  }
  expect(kills).toBeGreaterThan(6);
}, 600_000);
