import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fileHash, sha256File } from '@lucie/ledger';
import type { HubFile } from './hub-file.ts';

/**
 * What is wrong with a file on disk, compared with what the hub says of it; undefined where nothing is. The hash of a
 * large file is remembered, unless it is `fresh`: then it is read, and nothing is remembered of a name that will go.
 */
export async function faultOfFile(
  path: string,
  file: HubFile,
  opts: { fresh?: boolean } = {},
): Promise<string | undefined> {
  if (!existsSync(path)) return 'is missing';
  const { size } = statSync(path);
  if (size !== file.size) return `has ${size} bytes instead of ${file.size}`;
  if (file.sha256 !== undefined) {
    const actual = opts.fresh ? await sha256File(path) : fileHash(path);
    return actual === file.sha256 ? undefined : `has not the SHA-256 ${file.sha256.slice(0, 12)}…`;
  }
  return (await gitHash(path, size)) === file.oid
    ? undefined
    : `has not the git hash ${file.oid?.slice(0, 12)}…`;
}

/** Name of a blob in git: SHA-1 of `blob <size>\0` and the content. */
async function gitHash(path: string, size: number): Promise<string> {
  const hash = createHash('sha1').update(`blob ${size}\0`);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
