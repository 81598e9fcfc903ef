import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { type PinnedPackage, tarballPath } from '../src/fetch/fetch-packages.ts';
import { fileIntegrity } from '../src/fetch/integrity.ts';

export type Files = Record<string, string | Uint8Array>;

/** A fresh folder; the operating system clears it away. */
export function freshDir(): string {
  return mkdtempSync(join(tmpdir(), 'lucie-corpus-'));
}

/** The bytes of an npm tarball, without times, so that equal files give equal bytes. */
export async function tarballBytes(files: Files): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files))
    archive.entry({ name: `package/${name}`, mtime: new Date(0) }, Buffer.from(content));
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

/** Puts a package into a cache folder as set-up would, and returns its pin. */
export async function cachePackage(cacheDir: string, name: string, files: Files): Promise<PinnedPackage> {
  const pin = { package: name, version: '1.0.0', integrity: '' };
  const path = tarballPath(pin, cacheDir);
  mkdirSync(join(cacheDir, 'data'), { recursive: true });
  writeFileSync(path, await tarballBytes(files));
  return { ...pin, integrity: await fileIntegrity(path) };
}
