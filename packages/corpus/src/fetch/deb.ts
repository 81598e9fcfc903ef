import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { extract } from 'tar-stream';
import type { Entry } from '../sources/adapter.ts';
import { archiveEntries } from './archive-entries.ts';
import { damaged } from './tarball.ts';

/**
 * Reads the wanted files of a Debian package one by one, in the order of the archive: `dpkg-deb` unpacks it into a
 * pipe, nothing into a folder. Paths are without the leading `./`.
 * @throws LucieError `SOURCE_DAMAGED` when the package ends early or is none
 */
export async function* readDeb(
  path: string,
  opts: {
    wants: (path: string) => boolean;
    /** Told the unpacked bytes read so far. */
    onBytes?: (bytes: number) => void;
    signal?: AbortSignal | undefined;
  },
): AsyncGenerator<Entry> {
  const archive = extract();
  const unpack = spawn('dpkg-deb', ['--fsys-tarfile', path], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<number>((resolve) => {
    unpack.once('close', (code) => resolve(code ?? 1));
    unpack.once('error', (error) => {
      archive.destroy(error);
      resolve(1);
    });
  });
  let complaint = '';
  unpack.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  let bytes = 0;
  const counted = new PassThrough({ highWaterMark: 1 << 20 });
  counted.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    opts.onBytes?.(bytes);
  });
  unpack.stdout.pipe(counted).pipe(archive);
  try {
    yield* archiveEntries(archive, {
      path: (name) => name.replace(/^\.?\//, ''),
      wants: opts.wants,
      signal: opts.signal,
    });
    if ((await exit) !== 0) throw new Error('dpkg-deb failed');
  } catch (cause) {
    opts.signal?.throwIfAborted();
    const reason = complaint.trim().split('\n')[0];
    throw damaged(path, { kind: 'a whole .deb', cause: reason ? new Error(reason, { cause }) : cause });
  } finally {
    unpack.kill();
    archive.destroy();
    counted.destroy();
  }
}
