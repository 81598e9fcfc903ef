import { join } from 'node:path';
import type { HubFile } from '@lucie/hub';
import { LucieError } from '@lucie/ledger';
import { formatOf } from '../files/formats.ts';
import { matchesGlob } from './glob.ts';
import type { HubSource } from './options.ts';

/** Where a dataset's files lie after set-up. */
export function hubDir(option: Pick<HubSource, 'hub' | 'revision'>, cacheDir: string): string {
  return join(cacheDir, 'data', 'hub', option.hub.replace('/', '--'), option.revision);
}

/** Where the listing of a dataset's files is kept. */
export function hubListing(option: Pick<HubSource, 'hub' | 'revision'>, cacheDir: string): string {
  return `${hubDir(option, cacheDir)}.json`;
}

/**
 * Those files that the option asks for and that can be read.
 * @throws LucieError `HUB_NO_FILES`
 */
export function chooseFiles(option: HubSource, files: readonly HubFile[]): HubFile[] {
  const readable = files.filter(({ path }) => formatOf(path) !== undefined);
  const { include } = option;
  const chosen = include
    ? readable.filter(({ path }) => include.some((glob) => matchesGlob(path, glob)))
    : readable;
  if (chosen.length > 0) return chosen;
  const some = (include && readable.length > 0 ? readable : files).slice(0, 10).map(({ path }) => path);
  throw new LucieError({
    code: 'HUB_NO_FILES',
    found: `no file of ${option.hub} ${include ? `that matches ${include.join(' or ')}` : 'of a known format'}; it holds ${some.join(', ') || 'nothing'}`,
    expected: 'Parquet, JSON Lines, WARC, WET, HTML or text',
    todo: 'correct include in the recipe',
    exitCode: 2,
  });
}
