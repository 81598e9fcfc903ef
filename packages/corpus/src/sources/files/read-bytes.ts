import { createReadStream } from 'node:fs';
import { Damage } from './damage.ts';
import { decompressorOf, inflate } from './inflate.ts';
import type { Limits } from './options.ts';

export interface ByteOptions {
  limits: Limits;
  signal: AbortSignal;
  /** Told the bytes of the file read so far. */
  onBytes(bytes: number): void;
}

/**
 * The bytes of a file in order, unpacked where its name ends in `.gz` or `.zst`.
 * @throws Damage where it is damaged, or larger than its limits
 */
export async function* readBytes(path: string, opts: ByteOptions): AsyncGenerator<Buffer> {
  const decompressor = decompressorOf(path);
  // What is unpacked of a chunk in which the damage lies is lost: hence small ones.
  const packed = readFile(path, { ...opts, chunk: decompressor ? 1 << 14 : 1 << 20 });
  const chunks = decompressor ? inflate(packed, decompressor, opts.limits) : packed;
  const most = opts.limits.fileBytes ?? Number.POSITIVE_INFINITY;
  let size = 0;
  for await (const chunk of chunks) {
    opts.signal.throwIfAborted();
    size += chunk.length;
    if (size > most) throw new Damage(`more than ${most} bytes unpacked, the limit of a file`);
    yield chunk;
  }
}

async function* readFile(path: string, opts: ByteOptions & { chunk: number }): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: opts.chunk });
  try {
    for await (const chunk of file) {
      opts.signal.throwIfAborted();
      opts.onBytes(file.bytesRead);
      yield chunk as Buffer;
    }
  } finally {
    file.destroy();
  }
}
