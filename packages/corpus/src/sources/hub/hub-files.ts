import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '@huggingface/hub';
import { LucieError, writeJson } from '@lucie/ledger';
import { z } from 'zod';
import { formatOf } from '../files/formats.ts';
import { matchesGlob } from './glob.ts';
import type { HubConnection } from './hub-connection.ts';
import type { HubSource } from './options.ts';

/** A path inside a dataset that is safe below a folder of ours. */
const safePath = z
  .string()
  .max(1000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: such names are refused
  .regex(/^(?!.*(^|\/)\.{0,2}(\/|$))[^\\\u0000-\u001f]+$/);

const hubFile = z.object({
  path: safePath,
  size: z.int().min(0),
  /** SHA-256 where the file is kept outside of git (LFS, Xet). */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Name of the blob in git: SHA-1 of the length and the content; of the pointer where `sha256` is given. */
  oid: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional(),
});

export type HubFile = z.infer<typeof hubFile>;

/** Where a dataset's files lie after set-up. */
export function hubDir(option: Pick<HubSource, 'hub' | 'revision'>, cacheDir: string): string {
  return join(cacheDir, 'data', 'hub', option.hub.replace('/', '--'), option.revision);
}

/** The files of the commit as the hub lists them: asked once, for a commit never changes. */
export async function listHub(
  option: HubSource,
  opts: { cacheDir: string; connection: HubConnection },
): Promise<HubFile[]> {
  const known = knownFiles(option, opts.cacheDir);
  if (known) return known;
  const files: HubFile[] = [];
  const repo = { type: 'dataset', name: option.hub } as const;
  for await (const entry of listFiles({
    repo,
    recursive: true,
    revision: option.revision,
    ...opts.connection,
  })) {
    if (entry.type !== 'file') continue;
    const size = entry.lfs?.size ?? entry.size;
    const file = hubFile.safeParse({ path: entry.path, size, sha256: entry.lfs?.oid, oid: entry.oid });
    if (!file.success) throw badListing(option, entry.path);
    files.push(file.data);
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  await writeJson(listingPath(option, opts.cacheDir), files);
  return files;
}

/** The listing that set-up left, or undefined. */
export function knownFiles(option: HubSource, cacheDir: string): HubFile[] | undefined {
  try {
    return z.array(hubFile).parse(JSON.parse(readFileSync(listingPath(option, cacheDir), 'utf8')));
  } catch {
    return undefined;
  }
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

function listingPath(option: HubSource, cacheDir: string): string {
  return `${hubDir(option, cacheDir)}.json`;
}

function badListing(option: HubSource, path: string): LucieError {
  return new LucieError({
    code: 'HUB_BAD_ANSWER',
    found: `${JSON.stringify(path.slice(0, 200))} among the files of ${option.hub}`,
    expected: 'paths inside the dataset, with sizes and hashes',
    todo: 'check HF_ENDPOINT; do not trust this server',
  });
}
