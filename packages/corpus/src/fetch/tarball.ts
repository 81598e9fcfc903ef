import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { LucieError } from '@lucie/ledger';
import { extract } from 'tar-stream';
import type { Entry } from '../sources/adapter.ts';

/** No file of a text package is near this; one that is would not fit a JavaScript string. */
const MAX_ENTRY_BYTES = 400_000_000;

/**
 * Reads the wanted text files of an npm tarball one by one, in the order of the archive, without unpacking it.
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
  const decoder = new TextDecoder('utf-8', { fatal: true });
  file.once('error', (error) => archive.destroy(error));
  gunzip.once('error', (error) => archive.destroy(error));
  file.on('data', () => opts.onBytes?.(file.bytesRead));
  file.pipe(gunzip).pipe(archive);
  try {
    for await (const entry of archive) {
      opts.signal?.throwIfAborted();
      const name = entry.header.name.replace(/^[^/]+\//, '');
      if (entry.header.type !== 'file' || !opts.wants(name)) {
        entry.resume();
        continue;
      }
      if ((entry.header.size ?? 0) > MAX_ENTRY_BYTES)
        throw new Error(`${name} is over ${MAX_ENTRY_BYTES} bytes`);
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      yield { path: name, text: decode(decoder, Buffer.concat(chunks)) };
    }
  } catch (cause) {
    opts.signal?.throwIfAborted();
    throw new LucieError({
      code: 'SOURCE_DAMAGED',
      found: `${path}, which cannot be read as a package (${(cause as Error).message})`,
      expected: 'a whole .tgz of npm',
      todo: `remove ${path} and fetch it again`,
      cause,
    });
  } finally {
    file.destroy();
    gunzip.destroy();
    archive.destroy();
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
