import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './hash.ts';
import { cacheDir } from './paths.ts';

/** Smaller files are hashed every time: it costs nothing, and no stamp can lie. */
const REMEMBERED_FROM = 32_000_000;

/**
 * SHA-256 of a file, streamed. That of a large one is remembered below `.lucie/hashes` with the file's size, number and
 * times, so that a recipe over gigabytes is not hashed again by every command.
 */
export function fileHash(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { large, stamp, memory } = identityOf(path, file);
    const known = large ? remembered(memory) : undefined;
    if (known?.[0] === stamp) return known[1]!;
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
      hash.update(buffer.subarray(0, read));
    const digest = hash.digest('hex');
    if (large) remember(memory, `${stamp}\n${digest}`);
    return digest;
  } finally {
    closeSync(file);
  }
}

/**
 * Notes the SHA-256 of a large file that the caller has just computed under another name of the same file (it was
 * verified before it was renamed), so that `fileHash` need not read it once more.
 */
export function rememberFileHash(path: string, digest: string): void {
  const file = openSync(path, 'r');
  try {
    const { large, stamp, memory } = identityOf(path, file);
    if (large) remember(memory, `${stamp}\n${digest}`);
  } finally {
    closeSync(file);
  }
}

function identityOf(path: string, file: number): { large: boolean; stamp: string; memory: string } {
  const stat = fstatSync(file, { bigint: true });
  return {
    large: stat.size >= REMEMBERED_FROM,
    stamp: [stat.size, stat.ino, stat.mtimeNs, stat.ctimeNs].join(' '),
    memory: join(cacheDir, 'hashes', sha256(path)),
  };
}

function remembered(memory: string): string[] | undefined {
  try {
    const lines = readFileSync(memory, 'utf8').split('\n');
    return lines.length === 2 && /^[0-9a-f]{64}$/.test(lines[1]!) ? lines : undefined;
  } catch {
    return undefined;
  }
}

/** A lost memory costs time only, so a full or read-only disk is no error. */
function remember(memory: string, text: string): void {
  try {
    mkdirSync(join(memory, '..'), { recursive: true });
    writeFileSync(`${memory}.${process.pid}.tmp`, text);
    renameSync(`${memory}.${process.pid}.tmp`, memory);
  } catch {}
}
