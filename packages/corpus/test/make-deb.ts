import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sha256, writeJson } from '@lucie/ledger';
import { onTestFinished } from 'vitest';
import { type DebianLock, debianDir, hasProgram } from '../src/fetch/debian-files.ts';
import type { Files } from './make-tarball.ts';

/** Why a test on Debian packages cannot run here; undefined where it can. */
export const noDpkg = hasProgram('dpkg-deb') ? undefined : 'this machine has no dpkg-deb';
export const noApt = noDpkg ?? (hasProgram('apt-get') ? undefined : 'this machine has no apt-get');

/** A folder of a test's own, gone when the test is. */
export function ownDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'lucie-deb-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The bytes of a Debian package with these files, their times fixed. */
export async function debBytes(name: string, files: Files, version = '1.0-1'): Promise<Buffer> {
  const dir = mkdtempSync(join(tmpdir(), 'lucie-deb-'));
  try {
    const root = join(dir, 'root');
    mkdirSync(join(root, 'DEBIAN'), { recursive: true });
    chmodSync(root, 0o755);
    const control = `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\nInstalled-Size: 10\nDescription: made for a test\n`;
    writeFileSync(join(root, 'DEBIAN/control'), control);
    const day = new Date('2021-05-04T12:00:00Z');
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
      utimesSync(join(root, path), day, day);
    }
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-b', root, join(dir, 'made.deb')], {
      stdio: 'ignore',
      env: { ...process.env, SOURCE_DATE_EPOCH: String(day.getTime() / 1000) },
    });
    return await readFile(join(dir, 'made.deb'));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Puts a file into a cache folder as set-up would. */
export async function cacheDeb(
  cacheDir: string,
  name: string,
  made: { bytes: Uint8Array; version?: string; file?: string },
): Promise<DebianLock> {
  const lock: DebianLock = {
    debian: name,
    version: made.version ?? '1.0-1',
    sha256: sha256(made.bytes),
    size: made.bytes.length,
    installedSize: 10_240,
    file: made.file ?? `${name}_1.0-1_all.deb`,
  };
  mkdirSync(debianDir(cacheDir), { recursive: true });
  writeFileSync(join(debianDir(cacheDir), lock.file), made.bytes);
  await writeJson(join(debianDir(cacheDir), `${name}.json`), lock);
  return lock;
}
