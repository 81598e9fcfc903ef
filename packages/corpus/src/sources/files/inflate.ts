import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { Damage, reasonOf } from './damage.ts';
import type { Limits } from './options.ts';

/** Growth is judged beyond this many bytes: a small file may well hold one word a thousand times. */
const JUDGED_BEYOND = 64_000_000;
const CHUNK = 1 << 16;

const EVENTS = ['end', 'error', 'close'] as const;

type Decompressor = Gunzip | ZstdDecompress;

/** Makes the decompressor that a file's name asks for, if any. */
export function decompressorOf(name: string): (() => Decompressor) | undefined {
  if (/\.gz$/i.test(name)) return () => createGunzip({ chunkSize: CHUNK });
  if (/\.zst$/i.test(name)) return () => createZstdDecompress({ chunkSize: CHUNK });
  return undefined;
}

/**
 * Decompresses chunk by chunk, never ahead of the reader, all members or frames of a file. Written by hand rather than
 * piped: a pipe that fails drops what it has in its buffers, so that what is read of a damaged file would depend on
 * timing; and Node's own zstd stream ends without a word after the first frame.
 * @throws Damage for a truncated or damaged file, and for one that grows like a zip bomb
 */
export async function* inflate(
  chunks: AsyncIterable<Buffer>,
  make: () => Decompressor,
  limits: Pick<Limits, 'expansion'>,
): AsyncGenerator<Buffer> {
  const out: Buffer[] = [];
  let packed = 0;
  let unpacked = 0;
  let failure: Error | undefined;
  const begin = () => {
    const stream = make();
    stream.on('data', (chunk: Buffer) => {
      out.push(chunk);
      unpacked += chunk.length;
      if (unpacked <= JUDGED_BEYOND || unpacked <= limits.expansion * packed || failure) return;
      failure = new Damage(`a zip bomb: more than ${limits.expansion} times its packed size`);
      stream.destroy();
    });
    stream.on('error', fail);
    return stream;
  };
  const fail = (error: Error) => {
    failure ??= new Damage(`damaged where it is compressed: ${reasonOf(error)}`);
  };
  let stream = begin();
  try {
    for await (const chunk of chunks) {
      packed += chunk.length;
      for (let rest = chunk; rest.length > 0; ) {
        const before = stream.bytesWritten;
        await settled(stream, (done) => stream.write(rest, done), fail);
        yield* out.splice(0);
        if (failure) throw failure;
        rest = rest.subarray(stream.bytesWritten - before);
        if (rest.length === 0) break;
        // The frame is over and more follows: another one, or the zeros with which archives are filled up.
        if (rest.every((byte) => byte === 0)) break;
        if (stream.bytesWritten === 0) throw new Damage('garbage behind its end');
        stream.destroy();
        stream = begin();
      }
    }
    await settled(stream, () => stream.end(), fail);
    yield* out.splice(0);
    if (failure) throw failure;
  } finally {
    stream.destroy();
  }
}

/** Waits until the step is done, or the stream has failed or come to its end. */
function settled(
  stream: Decompressor,
  step: (done: (error?: Error | null) => void) => unknown,
  fail: (error: Error) => void,
): Promise<void> {
  if (stream.destroyed || stream.readableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (error?: Error | null) => {
      if (error && !stream.readableEnded) fail(error);
      for (const event of EVENTS) stream.off(event, done);
      resolve();
    };
    for (const event of EVENTS) stream.once(event, done);
    step(done);
  });
}
