import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fileHash } from '@lucie/ledger';
import type { HubFile } from './hub-files.ts';

/** What is wrong with a file on disk, compared with what the hub says of it; undefined where nothing is. */
export async function faultOfFile(path: string, file: HubFile): Promise<string | undefined> {
  if (!existsSync(path)) return 'is missing';
  const { size } = statSync(path);
  if (size !== file.size) return `has ${size} bytes instead of ${file.size}`;
  if (file.sha256 !== undefined)
    return fileHash(path) === file.sha256 ? undefined : `has not the SHA-256 ${file.sha256.slice(0, 12)}…`;
  if (file.oid === undefined) return undefined;
  return (await gitHash(path, size)) === file.oid
    ? undefined
    : `has not the git hash ${file.oid.slice(0, 12)}…`;
}

/** Name of a blob in git: SHA-1 of `blob <size>\0` and the content. */
async function gitHash(path: string, size: number): Promise<string> {
  const hash = createHash('sha1').update(`blob ${size}\0`);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
