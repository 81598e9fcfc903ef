import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { LucieError } from '@lucie/ledger';
import { extract } from 'tar-stream';
import type { Entry } from '../sources/adapter.ts';
import { archiveEntries } from './archive-entries.ts';

/**
 * Reads the wanted files of an npm tarball one by one, in the order of the archive, without unpacking it.
 * @throws LucieError `SOURCE_DAMAGED` when the archive ends early or is no archive
 */
export async function* readTarball(
  path: string,
  opts: {
    wants: (path: string) => boolean;
    /** Told the compressed bytes read so far. */
    onBytes?: (bytes: number) => void;
    signal?: AbortSignal | undefined;
  },
): AsyncGenerator<Entry> {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  const archive = extract();
  file.once('error', (error) => archive.destroy(error));
  gunzip.once('error', (error) => archive.destroy(error));
  file.on('data', () => opts.onBytes?.(file.bytesRead));
  file.pipe(gunzip).pipe(archive);
  try {
    yield* archiveEntries(archive, {
      path: (name) => name.replace(/^[^/]+\//, ''),
      wants: opts.wants,
      signal: opts.signal,
    });
  } catch (cause) {
    opts.signal?.throwIfAborted();
    throw damaged(path, { kind: 'a whole .tgz of npm', cause });
  } finally {
    file.destroy();
    gunzip.destroy();
    archive.destroy();
  }
}

/** A package file that ends early, or is none. */
export function damaged(path: string, { kind, cause }: { kind: string; cause: unknown }): LucieError {
  return new LucieError({
    code: 'SOURCE_DAMAGED',
    found: `${path}, which cannot be read as a package (${(cause as Error).message})`,
    expected: kind,
    todo: `remove ${path} and fetch it again`,
    cause,
  });
}
