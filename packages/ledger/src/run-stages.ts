import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EnergyMeter } from './energy.ts';
import { listFiles, syncDirectory, writeJson } from './files.ts';
import { hashJson, sha256File } from './hash.ts';
import { takeLock } from './lock.ts';
import { fileLogger } from './log.ts';
import { digestOf, type Manifest, readManifest, verifyOutputs, writeManifest } from './manifest.ts';
import { formatDuration, type Progress } from './progress.ts';
import type { Identity, Stage } from './stage.ts';

/** What is left of earlier attempts at a stage, in `attempt.json` of its partial folder. */
interface Attempt {
  key: string;
  identities: Identity[];
  seconds: number;
  energy: Manifest['energy'];
}

const ATTEMPT = 'attempt.json';

/** Names of the stage folders: `01-corpus`, `02-tokenizer`, … */
export function stageFolder(index: number, stage: { name: string }): string {
  return `${String(index + 1).padStart(2, '0')}-${stage.name}`;
}

/**
 * Runs a recipe's stages in order inside `runDir`, skipping what is already there and true, resuming what was killed.
 * What belongs to other options is kept aside under `<folder>.<key>` and taken back when those options return.
 * @returns the manifests, in order, and whether anything had to be done
 * @throws LucieError of a stage, or of a finished stage whose files no longer match its manifest
 */
export async function runStages(
  runDir: string,
  stages: Stage[],
  opts: {
    recipe: string;
    progress: Progress;
    say: (line: string) => void;
    signal: AbortSignal;
    /** Called once, before the first stage that really has to run: set-up that a finished recipe does not need. */
    prepare?: () => Promise<void>;
  },
): Promise<{ manifests: Manifest[]; built: number }> {
  using _lock = await takeLock(join(runDir, '.lock'));
  const manifests: Manifest[] = [];
  let built = 0;
  for (const [index, stage] of stages.entries()) {
    opts.signal.throwIfAborted();
    const folder = join(runDir, stageFolder(index, stage));
    const inputs: Record<string, string> = {};
    const inputDirs: Record<string, string> = {};
    for (const need of stage.needs) {
      const at = stages.findIndex((other) => other.name === need);
      if (at < 0 || at >= index)
        throw new Error(`stage ${stage.name} needs ${need}, which does not come before it`);
      inputs[need] = manifests[at]!.digest;
      inputDirs[need] = join(runDir, stageFolder(at, stages[at]!));
    }
    const key = hashJson({ name: stage.name, version: stage.version, options: stage.options, inputs });
    await bringBack(folder, key);
    if (existsSync(folder)) {
      const manifest = await readManifest(folder);
      await verifyOutputs(folder, manifest);
      manifests.push(manifest);
      continue;
    }
    if (built === 0) await opts.prepare?.();
    opts.say(`[${index + 1}/${stages.length}] ${stage.name}`);
    const manifest = await runOne(stage, { folder, key, inputs, inputDirs }, opts);
    opts.say(`      done in ${formatDuration(manifest.seconds)}`);
    manifests.push(manifest);
    built++;
  }
  return { manifests, built };
}

/** Moves a folder of another key aside, and the folder of this key back to its place. */
async function bringBack(folder: string, key: string): Promise<void> {
  for (const path of [folder, `${folder}.partial`]) {
    const present = await keyOf(path);
    if (present && present !== key) await rename(path, `${path}.${present.slice(0, 12)}`);
    const kept = `${path}.${key.slice(0, 12)}`;
    if (!existsSync(path) && existsSync(kept)) await rename(kept, path);
  }
}

async function keyOf(path: string): Promise<string | undefined> {
  if (!existsSync(path)) return undefined;
  if (path.endsWith('.partial')) return (await readAttempt(path))?.key;
  return (await readManifest(path)).key;
}

async function readAttempt(partial: string): Promise<Attempt | undefined> {
  try {
    return JSON.parse(await readFile(join(partial, ATTEMPT), 'utf8')) as Attempt;
  } catch {
    // Killed before the first note was written: there is nothing to resume.
    return undefined;
  }
}

async function runOne(
  stage: Stage,
  place: { folder: string; key: string; inputs: Record<string, string>; inputDirs: Record<string, string> },
  opts: { recipe: string; progress: Progress; signal: AbortSignal },
): Promise<Manifest> {
  const partial = `${place.folder}.partial`;
  const attempt = (await readAttempt(partial)) ?? {
    key: place.key,
    identities: [],
    seconds: 0,
    energy: { joules: 0, method: 'estimate' },
  };
  await mkdir(partial, { recursive: true });
  await removeLeftovers(partial);
  const meter = new EnergyMeter();
  const began = performance.now();
  const soFar = (): Attempt => {
    const energy = meter.read();
    return {
      ...attempt,
      seconds: attempt.seconds + (performance.now() - began) / 1000,
      energy: { joules: attempt.energy.joules + energy.joules, method: energy.method },
    };
  };
  await writeJson(join(partial, ATTEMPT), attempt);
  // A kill loses at most this much of the account of time and energy.
  let noting = Promise.resolve();
  const timer = setInterval(() => {
    // A note that cannot be written (a full disk) is no reason to stop: the stage itself will say so.
    noting = noting.then(() => writeJson(join(partial, ATTEMPT), soFar())).catch(() => {});
  }, 20_000);
  const log = fileLogger(join(partial, 'log', 'stage.jsonl'));
  try {
    const result = await stage.run({
      dir: partial,
      inputs: place.inputDirs,
      progress: opts.progress,
      log,
      signal: opts.signal,
      async identity(current) {
        const recorded = attempt.identities.at(-1);
        const next = recorded
          ? { ...current, ...('threads' in recorded ? { threads: recorded.threads! } : {}) }
          : current;
        if (!recorded || hashJson(recorded) !== hashJson(next)) attempt.identities.push(next);
        await writeJson(join(partial, ATTEMPT), soFar());
        return next;
      },
    });
    clearInterval(timer);
    await noting;
    log.flush();
    const final = soFar();
    await removeLeftovers(partial);
    const outputs = await describeOutputs(partial);
    const manifest: Omit<Manifest, 'sha256'> = {
      format: 1,
      recipe: opts.recipe,
      stage: stage.name,
      version: stage.version,
      key: place.key,
      options: stage.options,
      inputs: place.inputs,
      identities: final.identities,
      outputs,
      digest: digestOf(outputs),
      facts: result.facts ?? {},
      licences: [...(result.licences ?? [])].sort(),
      finished: new Date().toISOString(),
      seconds: Number(final.seconds.toFixed(1)),
      energy: { joules: Math.round(final.energy.joules), method: final.energy.method },
    };
    await writeManifest(partial, JSON.parse(JSON.stringify(manifest)));
    await rm(join(partial, ATTEMPT), { force: true });
    await syncDirectory(partial);
    await rename(partial, place.folder);
    await syncDirectory(join(place.folder, '..'));
    return await readManifest(place.folder);
  } finally {
    clearInterval(timer);
  }
}

async function describeOutputs(dir: string): Promise<Manifest['outputs']> {
  const outputs: Manifest['outputs'] = {};
  for (const name of await listFiles(dir)) {
    if (name === ATTEMPT || name === 'manifest.json') continue;
    const path = join(dir, name);
    outputs[name] = { bytes: (await stat(path)).size, sha256: await sha256File(path) };
  }
  return outputs;
}

/** Files that a kill has left half-written beside their final names. */
async function removeLeftovers(dir: string): Promise<void> {
  for (const name of await listFiles(dir)) {
    if (name.endsWith('.tmp')) await rm(join(dir, name), { force: true });
  }
}
