import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { LucieError, type Progress } from '@lucie/ledger';
import { type Llama, modelEntries, trainingFlopsPerToken } from '@lucie/model';
import { scope, Tensor } from '@lucie/torch';
import { AdamW, type AdamWOptions } from './adamw.ts';
import type { Batch } from './batch.ts';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { recordedMatmulFlops } from './machine-speed.ts';
import { MetricsFile } from './metrics.ts';
import { learningRate, type Schedule } from './schedule.ts';
import { type SpeedFacts, SpeedLog } from './speed-log.ts';

/** Everything that a run of training is a function of, and where it leaves its traces. */
export interface TrainRun {
  /** Holds `metrics.jsonl`, `checkpoints/` and `log/`. */
  dir: string;
  /** Hash of what the weights depend on: another key's checkpoints are refused. */
  key: string;
  /** Trained in place. */
  model: Llama;
  schedule: Schedule;
  optimizer: AdamWOptions;
  /** What step 0, 1, … sees. */
  batchAt(step: number): Batch;
  checkpointEvery: number;
  threads: number;
  progress: Progress;
  signal: AbortSignal;
}

export interface TrainFacts extends SpeedFacts {
  steps: number;
  tokens_seen: number;
  /** Mean over the last tenth of the steps, at most 50. */
  final_loss: number;
}

/**
 * Trains to the schedule's last step, from the newest checkpoint in `dir` if there is one: the weights are those of an
 * uninterrupted run, to the bit.
 * @throws LucieError `LOSS_NOT_FINITE`, those of `loadCheckpoint`; `signal.reason` after a checkpoint when aborted
 */
export async function train(run: TrainRun): Promise<TrainFacts> {
  const { dir, key, model, schedule, progress, signal } = run;
  const { steps } = schedule;
  const checkpoints = join(dir, 'checkpoints');
  const kept = await loadCheckpoint(checkpoints, { key });
  using optimizer = new AdamW(model.parameters, run.optimizer);
  if (kept) {
    for (const [name, tensor] of model.parameters) tensor.copyFromBytes(kept.model.get(name)!.bytes);
    optimizer.load(kept.optimizer, kept.step);
  }
  const metrics = await MetricsFile.open(join(dir, 'metrics.jsonl'), kept?.metricsBytes ?? 0);
  try {
    const peak = await recordedMatmulFlops(join(dir, 'log', 'matmul.json'), run.threads);
    const speed = new SpeedLog(join(dir, 'log', 'speed.jsonl'), peak);
    const save = async (step: number) => {
      await metrics.sync();
      const state = {
        step,
        metricsBytes: metrics.bytes,
        model: modelEntries(model),
        optimizer: optimizer.entries(),
      };
      await saveCheckpoint(checkpoints, state, { key });
    };
    const first = kept?.step ?? 0;
    progress.start('training', steps - first, 'steps');
    for (let step = first; step < steps; step++) {
      // The loop computes without pause: this is where timers and Ctrl-C get their turn.
      await setImmediate();
      if (signal.aborted) {
        await save(step);
        throw signal.reason;
      }
      const batch = run.batchAt(step);
      const tokens = batch.ids.length;
      const lr = learningRate(step, schedule);
      const { loss, gradNorm } = trainStep(model, optimizer, { batch, lr, step });
      await metrics.append({ step, loss, lr, grad_norm: gradNorm, tokens });
      speed.add(tokens, tokens * trainingFlopsPerToken(model.config, batch.shape[1]));
      if ((step + 1) % 20 === 0 || step + 1 === steps) await speed.flush(step);
      progress.update(step + 1 - first, `loss ${loss.toFixed(3)} · ${speed.note()}`);
      if ((step + 1) % run.checkpointEvery === 0 || step + 1 === steps) await save(step + 1);
    }
    const lines = await metrics.read();
    const last = lines.slice(-Math.min(50, Math.ceil(steps / 10)));
    const finalLoss = last.reduce((sum, line) => sum + line.loss, 0) / last.length;
    progress.end(`loss ${finalLoss.toFixed(3)} · ${speed.note()}`);
    return {
      steps,
      tokens_seen: lines.reduce((sum, line) => sum + line.tokens, 0),
      final_loss: Number(finalLoss.toFixed(4)),
      ...(await speed.facts()),
    };
  } finally {
    await metrics.close();
  }
}

/** One update of all weights. @throws LucieError `LOSS_NOT_FINITE` before any weight changes */
export function trainStep(
  model: Llama,
  optimizer: AdamW,
  { batch, lr, step }: { batch: Batch; lr: number; step: number },
): { loss: number; gradNorm: number } {
  return scope(() => {
    const loss = model.loss(Tensor.from(batch.ids, batch.shape), Tensor.from(batch.targets, batch.shape));
    loss.backward();
    const value = loss.item();
    const gradNorm = optimizer.gradientNorm();
    if (!Number.isFinite(value) || !Number.isFinite(gradNorm)) {
      throw new LucieError({
        code: 'LOSS_NOT_FINITE',
        found: `loss ${value} and gradient norm ${gradNorm} at step ${step}`,
        expected: 'finite numbers',
        todo: 'lower lr, lengthen warmupSteps, or look at this step’s documents with train explain-step',
      });
    }
    optimizer.step(lr, gradNorm);
    return { loss: value, gradNorm };
  });
}
