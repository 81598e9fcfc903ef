import { join } from 'node:path';
import { type Progress, silent } from '@lucie/ledger';
import { downloadHubFile } from './download.ts';
import { connectHub } from './hub-connection.ts';
import { hubError } from './hub-error.ts';
import { chooseFiles, hubDir, listHub } from './hub-files.ts';
import type { HubSource } from './options.ts';
import { faultOfFile } from './verify-file.ts';

/**
 * Brings the chosen files of a dataset into `<cacheDir>/data/hub/<owner>--<name>/<revision>/`. What is there already is
 * verified; what is damaged is fetched again; a dropped connection goes on where it ended.
 * @returns the files' paths
 * @throws LucieError `HUB_ACCESS`, `HUB_NOT_FOUND`, `HUB_NO_FILES`, `HUB_FILE_DAMAGED`, `HUB_BAD_ANSWER`,
 * `HUB_UNAVAILABLE`, `HUB_TOKEN`, `HUB_BAD_ENDPOINT`, `NO_NETWORK`, `DISK_FULL`
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
  const progress = opts.progress ?? silent;
  const signal = opts.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const connection = connectHub({ signal, hubUrl: opts.hubUrl });
  try {
    const files = chooseFiles(option, await listHub(option, { cacheDir: opts.cacheDir, connection }));
    const total = files.reduce((sum, { size }) => sum + size, 0);
    const kilobytes = (bytes: number) => Math.round(bytes / 1024);
    progress.start(option.hub, kilobytes(total), 'kB');
    let before = 0;
    const paths: string[] = [];
    for (const file of files) {
      signal.throwIfAborted();
      const to = join(hubDir(option, opts.cacheDir), file.path);
      if ((await faultOfFile(to, file)) !== undefined) {
        await downloadHubFile(
          option,
          { ...file, to },
          {
            connection,
            signal,
            onBytes: (bytes) => progress.update(kilobytes(before + bytes), file.path),
            retryDelayMs: opts.retryDelayMs ?? 1000,
          },
        );
      }
      before += file.size;
      progress.update(kilobytes(before), file.path);
      paths.push(to);
    }
    progress.end(`${files.length} files, hashes verified`);
    return paths;
  } catch (error) {
    signal.throwIfAborted();
    throw hubError(error, option);
  }
}
