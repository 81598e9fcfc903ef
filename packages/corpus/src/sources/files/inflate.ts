import { createInflateRaw, createZstdDecompress, type InflateRaw, type ZstdDecompress } from 'node:zlib';
import { Damage, reasonOf } from './damage.ts';
import { GzipFrame } from './gzip-frame.ts';
import type { Limits } from './options.ts';

/** Growth is judged beyond this many bytes: a small file may well hold one word a thousand times. */
const JUDGED_BEYOND = 64_000_000;
const CHUNK = 1 << 16;

const EVENTS = ['end', 'error', 'close'] as const;

type Stream = InflateRaw | ZstdDecompress;

/** How one member or frame is unpacked, and what stands around it where the stream does not read that itself. */
interface Decompressor {
  stream: Stream;
  frame?: GzipFrame;
}

/** Makes the decompressor that a file's name asks for, if any. */
export function decompressorOf(name: string): (() => Decompressor) | undefined {
  if (/\.gz$/i.test(name))
    return () => ({ stream: createInflateRaw({ chunkSize: CHUNK }), frame: new GzipFrame() });
  if (/\.zst$/i.test(name)) return () => ({ stream: createZstdDecompress({ chunkSize: CHUNK }) });
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
  let members = 0;
  let failure: Error | undefined;
  const begin = () => {
    const made = make();
    const { stream, frame } = made;
    stream.on('data', (chunk: Buffer) => {
      out.push(chunk);
      frame?.unpacked(chunk);
      unpacked += chunk.length;
      if (unpacked <= JUDGED_BEYOND || unpacked <= limits.expansion * packed || failure) return;
      failure = new Damage(`a zip bomb: more than ${limits.expansion} times its packed size`);
      stream.destroy();
    });
    stream.on('error', fail);
    return made;
  };
  const fail = (error: Error) => {
    failure ??= new Damage(`damaged where it is compressed: ${reasonOf(error)}`);
  };
  let { stream, frame } = begin();
  let at: 'header' | 'body' | 'trailer' = frame ? 'header' : 'body';
  try {
    for await (const chunk of chunks) {
      packed += chunk.length;
      for (let rest = chunk; rest.length > 0; ) {
        if (frame && at === 'header') {
          // Zeros with which archives are filled up are no header.
          if (members > 0 && !frame.isCut && rest.every((byte) => byte === 0)) break;
          const body = frame.afterHeader(rest);
          if (!body) break;
          rest = body;
          at = 'body';
          continue;
        }
        if (frame && at === 'trailer') {
          const next = frame.afterTrailer(rest);
          if (!next) break;
          rest = next;
          members++;
          stream.destroy();
          ({ stream, frame } = begin());
          at = 'header';
          continue;
        }
        const before = stream.bytesWritten;
        await settled(stream, (done) => stream.write(rest, done), fail);
        yield* out.splice(0);
        if (failure) throw failure;
        rest = rest.subarray(stream.bytesWritten - before);
        if (rest.length === 0) break;
        if (frame) {
          at = 'trailer';
          continue;
        }
        // The frame is over and more follows: another one, or the zeros with which archives are filled up.
        if (rest.every((byte) => byte === 0)) break;
        if (stream.bytesWritten === 0) throw new Damage('garbage behind its end');
        stream.destroy();
        ({ stream, frame } = begin());
      }
    }
    // Where nothing was read of a further member, nothing is missing.
    if (at === 'header' && !frame?.isCut) return;
    if (at !== 'body') throw new Damage('damaged where it is compressed: unexpected end of file');
    await settled(stream, () => stream.end(), fail);
    yield* out.splice(0);
    if (failure) throw failure;
    if (frame) throw new Damage('damaged where it is compressed: unexpected end of file');
  } finally {
    stream.destroy();
  }
}

/** Waits until the step is done, or the stream has failed or come to its end. */
function settled(
  stream: Stream,
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
