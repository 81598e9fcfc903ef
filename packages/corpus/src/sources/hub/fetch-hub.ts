import { join } from 'node:path';
import {
  connectHub,
  fetchHubFiles,
  type HubRepo,
  hubError,
  knownHubFiles,
  listHubFiles,
  lockRepo,
  missingHubFiles,
  retried,
} from '@lucie/hub';
import type { Progress } from '@lucie/ledger';
import { chooseFiles, hubDir, hubListing } from './hub-files.ts';
import type { HubSource } from './options.ts';

/**
 * Brings the chosen files of a dataset into `<cacheDir>/data/hub/<owner>--<name>/<revision>/`. What is there already is
 * verified; what is damaged is fetched again; a dropped connection goes on where it ended.
 * @returns the files' paths
 * @throws LucieError `HUB_ACCESS`, `HUB_NOT_FOUND`, `HUB_NO_FILES`, `HUB_FILE_DAMAGED`, `HUB_BAD_ANSWER`,
 * `HUB_UNAVAILABLE`, `HUB_TOKEN`, `HUB_BAD_ENDPOINT`, `HUB_OFFLINE`, `NO_NETWORK`, `DISK_FULL`
 */
export async function fetchHub(
  option: HubSource,
  opts: {
    cacheDir: string;
    progress?: Progress;
    signal?: AbortSignal | undefined;
    /** In place of `HF_ENDPOINT`. */
    hubUrl?: string;
    retryDelayMs?: number;
  },
): Promise<string[]> {
  const signal = opts.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const connection = connectHub({ signal, hubUrl: opts.hubUrl });
  const repo: HubRepo = { type: 'dataset', name: option.hub, revision: option.revision };
  const retry = { signal, retryDelayMs: opts.retryDelayMs ?? 1000 };
  const listing = hubListing(option, opts.cacheDir);
  const dir = hubDir(option, opts.cacheDir);
  const known = knownHubFiles(listing);
  if (known) {
    // What is there is used as it is, also from a disk that cannot be written.
    const files = chooseFiles(option, known);
    if ((await missingHubFiles(files, { dir, signal })).length === 0)
      return files.map(({ path }) => join(dir, path));
  }
  using _lock = await lockRepo(repo, { cacheDir: opts.cacheDir, signal });
  try {
    const files = chooseFiles(
      option,
      await retried(() => listHubFiles(repo, { listing, connection }), retry),
    );
    return await fetchHubFiles(repo, files, {
      connection,
      ...retry,
      dir,
      progress: opts.progress,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw hubError(error, repo);
  }
}
