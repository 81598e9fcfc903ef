import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LucieError } from '@lucie/ledger';
import { chooseGguf } from './choose-gguf.ts';
import { type ModelReference, modelReferenceText } from './model-reference.ts';
import { knownCommit, modelDir, type StoredModel, storedModel } from './model-store.ts';

/** A model of the hub on this machine. */
export interface PulledModel {
  reference: string;
  repo: string;
  commit: string;
  /** As its card says. */
  licence: string | null;
  /** Folder of the commit, with card, licence and `manifest.json`. */
  dir: string;
  /** The file to load; the first one where the model is split. */
  gguf: string;
  /** All parts. */
  files: { path: string; bytes: number; sha256: string }[];
}

/**
 * The model behind a reference, as `pullModel` has left it. Nothing is fetched; the files' sizes are checked, their hashes
 * were when they came.
 * @throws LucieError `MODEL_NOT_PULLED`, `MODEL_AMBIGUOUS`
 */
export function findPulledModel(reference: ModelReference, cacheDir: string): PulledModel {
  const commit = knownCommit(reference.repo, reference.revision, cacheDir);
  const stored = commit && storedModel(join(modelDir(reference.repo, cacheDir), commit));
  if (!stored) throw notPulled(reference, 'no such model on this machine');
  let found: PulledModel;
  try {
    found = pulledModel(reference, stored);
  } catch (error) {
    if ((error as LucieError).code !== 'HUB_NO_GGUF') throw error;
    const there = Object.keys(stored.manifest.files).filter((path) => /\.gguf$/i.test(path));
    throw notPulled(reference, `only ${there.join(', ') || 'papers'} of it on this machine`);
  }
  for (const { path, bytes } of found.files) {
    const file = join(found.dir, path);
    if (!existsSync(file) || statSync(file).size !== bytes) throw notPulled(reference, `${file} damaged`);
  }
  return found;
}

/** @throws LucieError `HUB_NO_GGUF`, `MODEL_AMBIGUOUS` */
export function pulledModel(reference: ModelReference, stored: StoredModel): PulledModel {
  const { dir, manifest } = stored;
  const files = chooseGguf(
    reference,
    Object.entries(manifest.files).map(([path, file]) => ({ path, ...file })),
  );
  return {
    reference: modelReferenceText(reference),
    repo: manifest.repo,
    commit: manifest.commit,
    licence: manifest.licence,
    dir,
    gguf: join(dir, files[0]!.path),
    files,
  };
}

/** The error for what is not here. */
export function notPulled(reference: ModelReference, found: string, todo?: string): LucieError {
  const text = modelReferenceText(reference);
  return new LucieError({
    code: 'MODEL_NOT_PULLED',
    found,
    expected: `the model ${text} of the hub`,
    todo: todo ?? `fetch it first: ./lucie pull ${text}`,
  });
}
