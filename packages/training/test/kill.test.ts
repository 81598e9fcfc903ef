import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256File } from '@lucie/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { halfWritten, killedBase, prepare, trainInChild } from './killed-run.ts';
import { runTiny, tinyStages } from './tiny-run.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kill-'));
});
afterAll(() => rm(root, { recursive: true }));

test('killed after a step, and while a checkpoint was being written: the same weights', async () => {
  const whole = join(root, 'whole');
  await runTiny(whole, tinyStages(killedBase).slice(0, 3));
  const killed = join(root, 'killed');
  await prepare(whole, killed);
  await runTiny(whole, tinyStages(killedBase));
  const run = { dir: killed, until: 'base' } as const;
  expect(await trainInChild(run, { afterSteps: 4, moment: 'writing' })).toBe('killed');
  expect(halfWritten(killed)).toBe(true);
  expect(await trainInChild(run, { afterSteps: 7, moment: 'step' })).toBe('killed');
  expect(halfWritten(killed)).toBe(false);
  expect(await trainInChild(run)).toBe('done');
  for (const file of ['04-base/model.safetensors', '04-base/metrics.jsonl']) {
    expect(await sha256File(join(killed, file)), file).toBe(await sha256File(join(whole, file)));
  }
});
