import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileHash, LucieError, type Progress } from '@lucie/ledger';
import { bytesOf, fetchHubFiles, missingHubFiles } from '../fetch-hub-files.ts';
import { connectHub, isOffline } from '../hub-connection.ts';
import { hubError } from '../hub-error.ts';
import type { HubFile } from '../hub-file.ts';
import type { HubRepo } from '../hub-repo.ts';
import { knownHubFiles, listHubFiles } from '../list-hub-files.ts';
import { lockRepo } from '../lock-repo.ts';
import { retried } from '../retry.ts';
import { chooseGguf } from './choose-gguf.ts';
import { checkRoom } from './disk-space.ts';
import { licenceOfCard } from './licence-of-card.ts';
import { type ModelReference, modelReferenceText } from './model-reference.ts';
import {
  isCommit,
  knownCommit,
  type ModelManifest,
  modelDir,
  rememberCommit,
  storedModel,
  writeModelManifest,
} from './model-store.ts';
import { type PulledModel, pulledModel } from './pulled-model.ts';
import { resolveCommit } from './resolve-commit.ts';

/** Papers that come along with a model: its card, its licence, the verdict of our own gate. */
const COMPANIONS = /^(readme\.md|gate\.json|(licen[cs]e|notice|use_policy|copying)(\.(md|txt))?)$/i;

/** How a model is pulled. */
export interface PullOptions {
  cacheDir: string;
  signal?: AbortSignal | undefined;
  progress?: Progress | undefined;
  /** What all pulled models together may take. */
  quotaBytes?: number | undefined;
  /** What stays free on the disk. Default 2 GB. */
  reserveBytes?: number | undefined;
  /** No connection at all. Default: what `HF_HUB_OFFLINE` says. */
  offline?: boolean | undefined;
  /** Ranges that are fetched at the same time. Default 4. */
  connections?: number | undefined;
  /** In place of `HF_ENDPOINT`. */
  hubUrl?: string | undefined;
  /** Default one second; doubled with each attempt. */
  retryDelayMs?: number | undefined;
  partBytes?: number | undefined;
  stallMs?: number | undefined;
  /** Told when another process pulls this model, and this one waits for it. */
  onWait?: (() => void) | undefined;
  /** Told the licence before the model itself is fetched. */
  onLicence?: ((licence: string | null) => void) | undefined;
}

/**
 * Brings a GGUF model of a Hugging Face-compatible hub into `<cacheDir>/models/<owner>/<name>/<commit>/`, with its card and
 * licence. What is there is verified and not fetched again; what was begun goes on.
 * @throws LucieError `HUB_NO_GGUF`, `MODEL_AMBIGUOUS`, `HUB_OFFLINE`, `DISK_FULL`, `QUOTA_EXCEEDED`,
 * `HUB_ACCESS`, `HUB_NOT_FOUND`, `HUB_FILE_DAMAGED`, `HUB_BAD_ANSWER`, `HUB_UNAVAILABLE`, `HUB_TOKEN`,
 * `HUB_BAD_ENDPOINT`, `NO_NETWORK`
 */
export async function pullModel(
  reference: ModelReference,
  opts: PullOptions,
): Promise<PulledModel & { fetched: number }> {
  const signal = opts.signal ?? new AbortController().signal;
  const { cacheDir, onWait } = opts;
  const offline = opts.offline ?? isOffline();
  using _lock = await lockRepo({ type: 'model', name: reference.repo }, { cacheDir, signal, onWait });
  try {
    return await pullLocked(reference, { ...opts, signal, offline });
  } catch (error) {
    signal.throwIfAborted();
    throw hubError(error, { type: 'model', name: reference.repo, revision: reference.revision });
  }
}

async function pullLocked(
  reference: ModelReference,
  opts: PullOptions & { signal: AbortSignal; offline: boolean },
): Promise<PulledModel & { fetched: number }> {
  const { cacheDir, signal, offline } = opts;
  const connection = connectHub({ signal, hubUrl: opts.hubUrl, offline, askMs: opts.stallMs });
  const transfer = { ...opts, connection, retryDelayMs: opts.retryDelayMs ?? 1000 };
  const asked = { revision: reference.revision, connection };
  const commit =
    offline || isCommit(reference.revision)
      ? knownCommit(reference.repo, reference.revision, cacheDir)
      : await retried(() => resolveCommit(reference.repo, asked), transfer);
  if (commit === undefined) throw notHere(reference, 'nothing of it');
  const repo: HubRepo = { type: 'model', name: reference.repo, revision: commit };
  const dir = join(modelDir(repo.name, cacheDir), commit);
  const listing = `${dir}.json`;
  if (offline && !knownHubFiles(listing)) throw notHere(reference, 'nothing of it');
  const files = await retried(() => listHubFiles(repo, { listing, connection }), transfer);
  const gguf = chooseGguf(reference, files);
  const companions = files.filter(({ path }) => COMPANIONS.test(path));
  const missing = await missingHubFiles([...companions, ...gguf], { dir, signal });
  if (offline && missing.length > 0)
    throw notHere(reference, `not ${missing.map(({ file }) => file.path).join(', ')}`);
  // What one pull may still bring, another must not count as free: with a quota one comes after the other.
  const limited = opts.quotaBytes !== undefined && missing.length > 0;
  using _quota = limited ? await lockRepo({ type: 'model', name: 'quota' }, opts) : undefined;
  await checkRoom(bytesOf(missing), opts);
  await fetchHubFiles(repo, companions, { ...transfer, dir, progress: undefined });
  const licence = await licenceIn(dir);
  // Who reads it may still stop before the model comes.
  opts.onLicence?.(licence);
  if (missing.length > 0) await fetchHubFiles(repo, gguf, { ...transfer, dir });
  const model = await note({ repo, dir, licence, files: [...companions, ...gguf] });
  await rememberCommit(repo.name, { revision: reference.revision, commit, cacheDir });
  return { ...pulledModel(reference, { dir, manifest: model }), fetched: bytesOf(missing) };
}

/** Adds what came to the commit's manifest, beside what earlier pulls brought. */
async function note(of: {
  repo: HubRepo;
  dir: string;
  licence: string | null;
  files: readonly HubFile[];
}): Promise<ModelManifest> {
  const { repo, dir, licence } = of;
  const known = storedModel(dir);
  const files = { ...known?.manifest.files };
  for (const { path, size, sha256 } of of.files)
    files[path] = { bytes: size, sha256: sha256 ?? fileHash(join(dir, path)) };
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const manifest = { format: 1, repo: repo.name, commit: repo.revision, licence, files: sorted } as const;
  return writeModelManifest(dir, manifest);
}

async function licenceIn(dir: string): Promise<string | null> {
  const card = join(dir, 'README.md');
  return existsSync(card) ? licenceOfCard(await readFile(card, 'utf8')) : null;
}

function notHere(reference: ModelReference, found: string): LucieError {
  return new LucieError({
    code: 'HUB_OFFLINE',
    found: `${found} on this machine, and no connection is allowed (HF_HUB_OFFLINE or --offline)`,
    expected: `the model ${modelReferenceText(reference)}, as an earlier pull left it`,
    todo: 'pull it with a network, or copy the folder models of a machine that has it',
  });
}
