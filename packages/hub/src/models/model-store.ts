import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hashJson, listFiles, writeJson } from '@lucie/ledger';
import { z } from 'zod';
import { safePath } from '../hub-file.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const manifestShape = z.strictObject({
  format: z.literal(1),
  repo: z.string(),
  commit: z.string(),
  /** As the model card says. */
  licence: z.string().nullable(),
  /** What was pulled, by path: a model's parts and what comes along. */
  files: z.record(safePath, z.strictObject({ bytes: z.int().min(0), sha256 })),
  /** Hash of this manifest without this field: an edit shows. */
  sha256,
});

/** What was pulled of one commit, as `manifest.json` in its folder. */
export type ModelManifest = z.infer<typeof manifestShape>;

/** A commit of a model on this machine. */
export interface StoredModel {
  dir: string;
  manifest: ModelManifest;
}

/** `<cacheDir>/models/<owner>/<name>`: the folder of a model, with one folder per commit. */
export function modelDir(repo: string, cacheDir: string): string {
  return join(cacheDir, 'models', repo);
}

/** The commit that a branch or tag was when it was last pulled, or the one here that begins so. */
export function knownCommit(repo: string, revision: string, cacheDir: string): string | undefined {
  if (isCommit(revision)) return revision;
  const refs = readRefs(repo, cacheDir);
  if (Object.hasOwn(refs, revision)) return refs[revision];
  const begun = /^[0-9a-f]{7,}$/.test(revision)
    ? commitsOf(repo, cacheDir).filter((commit) => commit.startsWith(revision))
    : [];
  return begun.length === 1 ? begun[0] : undefined;
}

export async function rememberCommit(
  repo: string,
  opts: { revision: string; commit: string; cacheDir: string },
): Promise<void> {
  if (isCommit(opts.revision)) return;
  const refs = { ...readRefs(repo, opts.cacheDir), [opts.revision]: opts.commit };
  await writeJson(refsPath(repo, opts.cacheDir), Object.fromEntries(Object.entries(refs).sort()));
}

export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

/** The commit that was pulled into this folder, or undefined. */
export function storedModel(dir: string): StoredModel | undefined {
  try {
    const manifest = manifestShape.parse(JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')));
    const { sha256: seal, ...rest } = manifest;
    return seal === hashJson(rest) ? { dir, manifest } : undefined;
  } catch {
    return undefined;
  }
}

/** Seals a manifest and writes it atomically. */
export async function writeModelManifest(
  dir: string,
  manifest: Omit<ModelManifest, 'sha256'>,
): Promise<ModelManifest> {
  const sealed = { ...manifest, sha256: hashJson(manifest) };
  await writeJson(join(dir, 'manifest.json'), sealed);
  return sealed;
}

/** Every commit of every model that was pulled, by name. */
export function listModels(cacheDir: string): StoredModel[] {
  return [...commitDirs(cacheDir)].flatMap(({ dir }) => storedModel(dir) ?? []);
}

/** What a pull has begun and not brought to its end, or what was damaged since. */
export interface UnfinishedModel {
  repo: string;
  commit: string;
  /** On disk. */
  bytes: number;
}

/** Commits without a manifest that counts, or with files that are still growing, by name. */
export async function listUnfinished(cacheDir: string): Promise<UnfinishedModel[]> {
  const found: UnfinishedModel[] = [];
  for (const { repo, commit, dir } of commitDirs(cacheDir)) {
    const growing = (await listFiles(dir)).some((path) => path.endsWith('.part'));
    if (growing || !storedModel(dir)) found.push({ repo, commit, bytes: await bytesIn(dir) });
  }
  return found;
}

function* commitDirs(cacheDir: string): Generator<{ repo: string; commit: string; dir: string }> {
  for (const owner of names(join(cacheDir, 'models'))) {
    for (const name of names(join(cacheDir, 'models', owner))) {
      const repo = `${owner}/${name}`;
      for (const commit of commitsOf(repo, cacheDir))
        yield { repo, commit, dir: join(modelDir(repo, cacheDir), commit) };
    }
  }
}

/** The commits of a model that are here, finished or not. */
export function commitsOf(repo: string, cacheDir: string): string[] {
  return names(modelDir(repo, cacheDir)).filter(isCommit);
}

/** Bytes that pulled models, finished or not, take on disk. */
export function bytesOfModels(cacheDir: string): Promise<number> {
  return bytesIn(join(cacheDir, 'models'));
}

/** Bytes that the files below a folder take on disk. */
export async function bytesIn(dir: string): Promise<number> {
  return (await listFiles(dir)).reduce((sum, path) => sum + bytesOnDisk(join(dir, path)), 0);
}

/** Takes away a whole commit, or a whole model with every commit of it. The manifest goes first: no half is offered. */
export async function removeModelDir(
  repo: string,
  opts: { commit?: string; cacheDir: string },
): Promise<void> {
  const dir = modelDir(repo, opts.cacheDir);
  const commits = opts.commit ? [opts.commit] : commitsOf(repo, opts.cacheDir);
  for (const commit of commits) {
    await rm(join(dir, commit, 'manifest.json'), { force: true });
    await rm(join(dir, commit), { recursive: true, force: true });
    await rm(join(dir, `${commit}.json`), { force: true });
  }
  if (commitsOf(repo, opts.cacheDir).length === 0) await rm(dir, { recursive: true, force: true });
}

/** What a file takes on disk: a file that grows in parts has holes. */
export function bytesOnDisk(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? Math.min(stat.size, stat.blocks * 512) : 0;
}

function names(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function refsPath(repo: string, cacheDir: string): string {
  return join(modelDir(repo, cacheDir), 'refs.json');
}

function readRefs(repo: string, cacheDir: string): Record<string, string> {
  try {
    const text = readFileSync(refsPath(repo, cacheDir), 'utf8');
    return z.record(z.string(), z.string().regex(/^[0-9a-f]{40}$/)).parse(JSON.parse(text));
  } catch {
    return {};
  }
}
