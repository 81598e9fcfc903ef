import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { Damage, reasonOf } from './damage.ts';
import type { Limits } from './options.ts';

/** Growth is judged beyond this many bytes: a small file may well hold one word a thousand times. */
const JUDGED_BEYOND = 64_000_000;

/** The decompressor that a file's name asks for, if any. */
export function decompressorOf(name: string): Transform | undefined {
  if (/\.gz$/i.test(name)) return createGunzip({ chunkSize: 1 << 18 });
  if (/\.zst$/i.test(name)) return createZstdDecompress({ chunkSize: 1 << 18 });
  return undefined;
}

/**
 * Decompresses chunk by chunk, never ahead of the reader. Written by hand rather than piped: a pipe that fails drops
 * what it has in its buffers, so that what is read of a damaged file would depend on timing.
 * @throws Damage for a truncated or damaged file, and for one that grows like a zip bomb
 */
export async function* inflate(
  chunks: AsyncIterable<Buffer>,
  stream: Transform,
  limits: Pick<Limits, 'expansion'>,
): AsyncGenerator<Buffer> {
  const out: Buffer[] = [];
  let packed = 0;
  let unpacked = 0;
  let failure: Error | undefined;
  stream.on('data', (chunk: Buffer) => {
    out.push(chunk);
    unpacked += chunk.length;
    if (unpacked <= JUDGED_BEYOND || unpacked <= limits.expansion * packed || failure) return;
    failure = new Damage(`a zip bomb: more than ${limits.expansion} times its packed size`);
    stream.destroy();
  });
  stream.on('error', (error) => {
    failure ??= new Damage(`damaged where it is compressed: ${reasonOf(error)}`);
  });
  try {
    for await (const chunk of chunks) {
      packed += chunk.length;
      await settled(stream, (done) => stream.write(chunk, done));
      yield* out.splice(0);
      if (failure) throw failure;
    }
    await settled(stream, (done) => stream.once('end', done).end());
    yield* out.splice(0);
    if (failure) throw failure;
  } finally {
    stream.destroy();
  }
}

/** Waits until the step is done or the stream is gone. */
function settled(stream: Transform, step: (done: () => void) => unknown): Promise<void> {
  if (stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      stream.off('close', done);
      resolve();
    };
    stream.once('close', done);
    step(done);
  });
}
