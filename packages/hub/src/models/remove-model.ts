import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles } from '@lucie/ledger';
import { removePartFile } from '../download/part-file.ts';
import { knownHubFiles } from '../list-hub-files.ts';
import { chooseGguf } from './choose-gguf.ts';
import type { ModelReference } from './model-reference.ts';
import {
  bytesIn,
  bytesOnDisk,
  commitsOf,
  knownCommit,
  modelDir,
  removeModelDir,
  storedModel,
  writeModelManifest,
} from './model-store.ts';
import { notPulled } from './pulled-model.ts';

/**
 * Takes a model away, finished or not: one file of it where the reference names one, else its revision. Hold its lock
 * (`lockRepo`).
 * @param opts.all - the reference names no revision: every one goes, unless it names a file
 * @returns bytes of the files that went
 * @throws LucieError `MODEL_NOT_PULLED`, `HUB_NO_GGUF`, `MODEL_AMBIGUOUS`
 */
export async function removePulledModel(
  reference: ModelReference,
  opts: { cacheDir: string; all?: boolean },
): Promise<number> {
  const { repo } = reference;
  const { cacheDir } = opts;
  const oneFile = reference.file !== undefined || reference.quantization !== undefined;
  const all = !oneFile && opts.all;
  let commit = all ? undefined : knownCommit(repo, reference.revision, cacheDir);
  // A first pull that was stopped has not said yet which commit its branch is.
  if (oneFile && opts.all) commit ??= commitsOf(repo, cacheDir).at(-1);
  const dir = join(modelDir(repo, cacheDir), commit ?? '');
  if ((!all && !commit) || !existsSync(dir)) throw notHere(reference);
  if (oneFile) return removeFile(reference, { dir, commit: commit!, cacheDir });
  const bytes = await bytesIn(dir);
  await removeModelDir(repo, { ...(commit ? { commit } : {}), cacheDir });
  return bytes;
}

async function removeFile(
  reference: ModelReference,
  opts: { dir: string; commit: string; cacheDir: string },
): Promise<number> {
  const { dir } = opts;
  const manifest = storedModel(dir)?.manifest;
  const names = Object.keys(manifest?.files ?? {}).map((path) => ({ path }));
  const files = chooseGguf(reference, knownHubFiles(`${dir}.json`) ?? names);
  const paths = files.flatMap(({ path }) => [join(dir, path), join(dir, `${path}.part`)]);
  const known = files.some(({ path }) => manifest && Object.hasOwn(manifest.files, path));
  if (!known && !paths.some((path) => existsSync(path))) throw notHere(reference);
  const bytes = paths.reduce((sum, path) => sum + bytesOnDisk(path), 0);
  if (manifest) {
    const { sha256: _seal, ...rest } = manifest;
    const gone = new Set(files.map(({ path }) => path));
    const left = Object.entries(rest.files).filter(([path]) => !gone.has(path));
    await writeModelManifest(dir, { ...rest, files: Object.fromEntries(left) });
  }
  for (const { path } of files) {
    await rm(join(dir, path), { force: true });
    await removePartFile(join(dir, `${path}.part`));
  }
  if (!(await listFiles(dir)).some((path) => /\.gguf(\.part)?$/i.test(path))) {
    await removeModelDir(reference.repo, opts);
  }
  return bytes;
}

function notHere(reference: ModelReference) {
  return notPulled(reference, 'no such model on this machine', 'see what is there: ./lucie pull --list');
}
