import { mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromFloat32 } from '@lucie/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../src/checkpoint.ts';
import { MetricsFile } from '../src/metrics.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'checkpoint-'));
});
afterEach(() => rm(dir, { recursive: true }));

const key = 'a'.repeat(64);
const at = (step: number): Checkpoint => ({
  step,
  metricsBytes: step * 10,
  model: new Map([['w', fromFloat32(Float32Array.of(step, step + 0.5), [2])]]),
  optimizer: new Map([['exp_avg.w', fromFloat32(Float32Array.of(-step, 0), [2])]]),
});
const last = (step: number) => join(dir, `step-${String(step).padStart(8, '0')}`);

describe('a checkpoint', () => {
  test('comes back whole, the newest first, and only two are kept', async () => {
    expect(await loadCheckpoint(dir, { key })).toBeUndefined();
    for (const step of [5, 10, 100]) await saveCheckpoint(dir, at(step), { key });
    expect(await loadCheckpoint(dir, { key })).toEqual(at(100));
    expect((await readdir(dir)).sort()).toEqual(['step-00000010', 'step-00000100']);
  });

  test('half-written is ignored and removed', async () => {
    await saveCheckpoint(dir, at(5), { key });
    await saveCheckpoint(dir, at(10), { key });
    await rename(last(10), `${last(10)}.writing`);
    expect(await loadCheckpoint(dir, { key })).toEqual(at(5));
    expect(await readdir(dir)).toEqual(['step-00000005']);
  });

  test('of another run is refused', async () => {
    await saveCheckpoint(dir, at(5), { key });
    await expect(loadCheckpoint(dir, { key: 'b'.repeat(64) })).rejects.toMatchObject({
      code: 'CHECKPOINT_FOREIGN',
      message: expect.stringContaining('remove'),
    });
  });

  test.each(['model.safetensors', 'optimizer.safetensors'])('with a damaged %s is refused', async (name) => {
    await saveCheckpoint(dir, at(5), { key });
    const path = join(last(5), name);
    const whole = await readFile(path);
    await truncate(path, whole.length - 1);
    await expect(loadCheckpoint(dir, { key })).rejects.toMatchObject({ code: 'CHECKPOINT_CHANGED' });
    whole[whole.length - 1]! ^= 1;
    await writeFile(path, whole);
    await expect(loadCheckpoint(dir, { key })).rejects.toMatchObject({ code: 'CHECKPOINT_CHANGED' });
    await rm(path);
    await expect(loadCheckpoint(dir, { key })).rejects.toMatchObject({ code: 'CHECKPOINT_CHANGED' });
  });

  test('without a readable state is refused', async () => {
    await saveCheckpoint(dir, at(5), { key });
    await truncate(join(last(5), 'state.json'), 30);
    await expect(loadCheckpoint(dir, { key })).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
  });
});

describe('metrics', () => {
  const line = (step: number) => ({ step, loss: 1 / (step + 1), lr: 0.1, grad_norm: 2, tokens: 8 });

  test('go on exactly where the checkpoint was', async () => {
    const path = join(dir, 'metrics.jsonl');
    const first = await MetricsFile.open(path, 0);
    await first.append(line(0));
    const kept = first.bytes;
    await first.append(line(1));
    await first.close();
    const second = await MetricsFile.open(path, kept);
    for (const step of [1, 2]) await second.append(line(step));
    await second.close();
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((text) => JSON.parse(text))).toEqual([0, 1, 2].map(line));
  });

  test('shorter than the checkpoint says are refused', async () => {
    await expect(MetricsFile.open(join(dir, 'none.jsonl'), 5)).rejects.toMatchObject({
      code: 'METRICS_TRUNCATED',
    });
  });
});
