import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFrom, parseConfig, readSafetensors } from '@lucie/model';
import { setThreads } from '@lucie/torch';
import { expect, test } from 'vitest';
import { AdamW } from '../src/adamw.ts';
import { learningRate } from '../src/schedule.ts';
import { trainStep } from '../src/train-loop.ts';
import { type ReferenceRun, referenceDir } from './reference-run.ts';

/** Far above rounding (measured: 5e-7), far below what a wrong formula does to 20 steps. */
const TOLERANCE = 1e-4;

test('losses and gradient norms of the first 20 steps are PyTorch’s', async () => {
  setThreads(1);
  const read = (name: string) => JSON.parse(readFileSync(join(referenceDir, name), 'utf8'));
  const run = read('run.json') as ReferenceRun;
  // Recorded by bench/train/reference-losses.py with the torch named in the file.
  const recorded = read('losses.json') as { losses: number[]; grad_norms: number[] };
  const weights = await readSafetensors(join(referenceDir, 'initial.safetensors'));
  using model = modelFrom(parseConfig(run.config), weights, 'the reference');
  model.requireGrad();
  using optimizer = new AdamW(model.parameters, run.optimizer);
  const worst = { loss: 0, norm: 0 };
  for (const [step, rows] of run.batches.entries()) {
    const shape: [number, number] = [rows.length, rows[0]!.length - 1];
    const ids = BigInt64Array.from(
      rows.flatMap((row) => row.slice(0, -1)),
      BigInt,
    );
    const targets = BigInt64Array.from(
      rows.flatMap((row) => row.slice(1)),
      BigInt,
    );
    const lr = learningRate(step, run.schedule);
    const { loss, gradNorm } = trainStep(model, optimizer, { batch: { shape, ids, targets }, lr, step });
    worst.loss = Math.max(worst.loss, Math.abs(loss - recorded.losses[step]!));
    worst.norm = Math.max(worst.norm, Math.abs(gradNorm - recorded.grad_norms[step]!));
  }
  expect(recorded.losses).toHaveLength(20);
  expect(worst.loss).toBeLessThan(TOLERANCE);
  expect(worst.norm).toBeLessThan(TOLERANCE);
});
