import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError, sha256, syncDirectory, writeFileAtomic, writeJson } from '@lucie/ledger';
import { encodeSafetensors, readSafetensors, type SafetensorsEntry } from '@lucie/model';
import { z } from 'zod';

const stateShape = z.strictObject({
  format: z.literal(1),
  /** Hash of what the run is a function of; another run's checkpoint does not fit. */
  key: z.string(),
  /** Steps done. */
  step: z.int().min(0),
  /** Length of `metrics.jsonl` at that step. */
  metricsBytes: z.int().min(0),
  /** SHA-256 of the files beside this one. */
  files: z.record(z.string(), z.string()),
});

/** Weights, optimiser state and loop state after `step` steps. */
export interface Checkpoint {
  step: number;
  metricsBytes: number;
  model: Map<string, SafetensorsEntry>;
  optimizer: Map<string, SafetensorsEntry>;
}

const PARTS = { model: 'model.safetensors', optimizer: 'optimizer.safetensors' } as const;
const KEEP = 2;
const folderOf = (step: number) => `step-${String(step).padStart(8, '0')}`;

/**
 * Writes `<dir>/step-<n>/` aside, syncs it and renames it, then removes all but the last two. A kill at any moment
 * leaves the earlier ones whole.
 */
export async function saveCheckpoint(
  dir: string,
  checkpoint: Checkpoint,
  opts: { key: string },
): Promise<void> {
  const final = join(dir, folderOf(checkpoint.step));
  // The same run's same step has the same content.
  if (existsSync(final)) return;
  const aside = join(dir, `${folderOf(checkpoint.step)}.writing`);
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  const files: Record<string, string> = {};
  for (const part of ['model', 'optimizer'] as const) {
    const bytes = encodeSafetensors(checkpoint[part]);
    files[PARTS[part]] = sha256(bytes);
    await writeFileAtomic(join(aside, PARTS[part]), bytes);
  }
  const { step, metricsBytes } = checkpoint;
  await writeJson(join(aside, 'state.json'), { format: 1, key: opts.key, step, metricsBytes, files });
  await rename(aside, final);
  await syncDirectory(dir);
  for (const old of (await checkpointsIn(dir)).slice(0, -KEEP)) {
    await rm(join(dir, old), { recursive: true, force: true });
  }
}

/** Finished checkpoints, oldest first. */
async function checkpointsIn(dir: string): Promise<string[]> {
  if (!existsSync(dir)) return [];
  return (await readdir(dir)).filter((name) => /^step-\d{8,}$/.test(name)).sort();
}

/**
 * The newest finished checkpoint, or nothing when there is none. What a kill left half-written is removed.
 * @throws LucieError `CHECKPOINT_INVALID` (unreadable), `CHECKPOINT_FOREIGN` (of another run),
 *   `CHECKPOINT_CHANGED` (a file is missing, shorter or different)
 */
export async function loadCheckpoint(dir: string, opts: { key: string }): Promise<Checkpoint | undefined> {
  if (!existsSync(dir)) return undefined;
  for (const name of await readdir(dir)) {
    if (name.endsWith('.writing')) await rm(join(dir, name), { recursive: true, force: true });
  }
  const newest = (await checkpointsIn(dir)).at(-1);
  if (!newest) return undefined;
  const folder = join(dir, newest);
  const state = await readState(folder);
  if (state.key !== opts.key) {
    throw fault('FOREIGN', folder, `a checkpoint of run ${state.key.slice(0, 12)}`, opts.key.slice(0, 12));
  }
  for (const name of Object.values(PARTS)) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    const actual = bytes ? sha256(bytes) : 'nothing';
    if (actual !== state.files[name]) {
      throw fault(
        'CHANGED',
        folder,
        `${name} with ${actual.slice(0, 12)}`,
        `${state.files[name]?.slice(0, 12)}`,
      );
    }
  }
  return {
    step: state.step,
    metricsBytes: state.metricsBytes,
    model: await readSafetensors(join(folder, PARTS.model)),
    optimizer: await readSafetensors(join(folder, PARTS.optimizer)),
  };
}

async function readState(folder: string): Promise<z.infer<typeof stateShape>> {
  try {
    return stateShape.parse(JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')));
  } catch (cause) {
    throw fault('INVALID', folder, 'no readable state.json', 'the state of a training run', cause);
  }
}

function fault(kind: string, folder: string, found: string, expected: string, cause?: unknown): LucieError {
  return new LucieError({
    code: `CHECKPOINT_${kind}`,
    found: `${found} in ${folder}`,
    expected,
    todo: `remove ${folder} to go on from the one before it, or from the start`,
    cause,
  });
}
