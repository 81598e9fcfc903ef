import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LucieError, sha256File } from '@lucie/ledger';
import { z } from 'zod';

/** What set-up found in the archive, beside the file: `<name>.json`. */
const lockShape = z.strictObject({
  debian: z.string(),
  version: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Bytes of the file. */
  size: z.int().positive(),
  /** Bytes unpacked, as the archive states them; for progress alone. */
  installedSize: z.int().min(0),
  /** The file's name in the same folder. */
  file: z.string().regex(/^[^/\\]+$/),
});

export type DebianLock = z.infer<typeof lockShape>;

/** Where Debian packages lie after set-up. */
export function debianDir(cacheDir: string): string {
  return join(cacheDir, 'data', 'debian');
}

/** Where set-up says why it could not bring a package. */
export function absencePath(name: string, cacheDir: string): string {
  return join(debianDir(cacheDir), `${name}.absent`);
}

/** What set-up has found for a name, or undefined where it has found nothing, or nothing whole. */
export function readLock(name: string, cacheDir: string): DebianLock | undefined {
  const path = join(debianDir(cacheDir), `${name}.json`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  const lock = lockShape.safeParse(parsed);
  if (!lock.success || lock.data.debian !== name) return undefined;
  return existsSync(join(debianDir(cacheDir), lock.data.file)) ? lock.data : undefined;
}

/**
 * The path of a file that set-up has fetched, its SHA-256 verified.
 * @throws LucieError `DEBIAN_CHANGED` when it is no longer the file that was found
 */
export async function lockedFile(lock: DebianLock, cacheDir: string): Promise<string> {
  const path = join(debianDir(cacheDir), lock.file);
  const actual = await sha256File(path);
  if (actual === lock.sha256) return path;
  throw new LucieError({
    code: 'DEBIAN_CHANGED',
    found: `${path} with SHA-256 ${actual}`,
    expected: `${lock.sha256}, as it was fetched`,
    todo: `remove ${path} and call again: set-up fetches it anew`,
  });
}

/** Whether a program is on the PATH. */
export function hasProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => {
    if (dir === '') return false;
    try {
      accessSync(join(dir, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Why Debian packages cannot be read on this machine at all, or undefined where they can. */
export function notDebian(): string | undefined {
  const missing = ['apt-get', 'apt-cache', 'dpkg-deb'].filter((name) => !hasProgram(name));
  return missing.length === 0
    ? undefined
    : `this machine has no ${missing[0]}, so Debian packages are left out`;
}
