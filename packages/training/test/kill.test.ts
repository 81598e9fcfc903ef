import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random, sha256File } from '@lucie/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { halfWritten, killedBase, prepare, randomKill, runKilled } from './killed-run.ts';
import { runTiny, tinyStages } from './tiny-run.ts';

const until = 'base';
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kill-'));
});
afterAll(() => rm(root, { recursive: true }));

test('killed three times, twice while a checkpoint was being written: the same weights', async () => {
  const whole = join(root, 'whole');
  await runTiny(whole, tinyStages(killedBase).slice(0, 3));
  const killed = join(root, 'killed');
  await prepare(whole, killed);
  const random = new Random(1, 'kills');
  let caught = 0;
  for (let i = 0; i < 3; i++) {
    expect(await runKilled({ dir: killed, until }, randomKill(random, i))).toBe('killed');
    if (halfWritten(killed)) caught++;
  }
  expect(caught).toBeGreaterThan(0);
  await Promise.all([runKilled({ dir: whole, until }), runKilled({ dir: killed, until })]);
  for (const file of [
    '04-base/model.safetensors',
    '04-base/metrics.jsonl',
    '05-instruct/model.safetensors',
  ]) {
    expect(await sha256File(join(killed, file)), file).toBe(await sha256File(join(whole, file)));
  }
});
