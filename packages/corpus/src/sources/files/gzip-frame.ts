import { crc32 } from 'node:zlib';
import { Damage } from './damage.ts';

/** Bits of the header's flags (RFC 1952 §2.3.1). */
const [CRC, EXTRA, NAME, COMMENT] = [2, 4, 8, 16] as const;
/** A header of more bytes is none. */
const LONGEST = 1 << 20;
const TRAILER = 8;

/**
 * What stands around the packed bytes of a gzip member: Node's own reader loses what it unpacked when something other
 * than a member follows.
 */
export class GzipFrame {
  #held: Buffer = Buffer.alloc(0);
  #crc = 0;
  #size = 0;

  /** True where bytes of a header or trailer were taken that is not whole. */
  get isCut(): boolean {
    return this.#held.length > 0;
  }

  /** What follows the header; undefined where more bytes are needed. @throws Damage where there is none */
  afterHeader(bytes: Buffer): Buffer | undefined {
    const all = Buffer.concat([this.#held, bytes]);
    const length = headerLength(all);
    if (length === undefined && all.length > LONGEST)
      throw new Damage('damaged where it is compressed: header');
    this.#held = length === undefined ? all : Buffer.alloc(0);
    return length === undefined ? undefined : all.subarray(length);
  }

  unpacked(chunk: Buffer): void {
    this.#crc = crc32(chunk, this.#crc);
    this.#size = (this.#size + chunk.length) % 2 ** 32;
  }

  /** What follows the trailer; undefined where more bytes are needed. @throws Damage where it says otherwise */
  afterTrailer(bytes: Buffer): Buffer | undefined {
    const all = Buffer.concat([this.#held, bytes]);
    this.#held = all.length < TRAILER ? all : Buffer.alloc(0);
    if (all.length < TRAILER) return undefined;
    if (all.readUInt32LE(0) !== this.#crc || all.readUInt32LE(4) !== this.#size)
      throw new Damage('damaged where it is compressed: incorrect data check');
    return all.subarray(TRAILER);
  }
}

/** Bytes of a header; undefined where it goes on. */
function headerLength(bytes: Buffer): number | undefined {
  for (const [at, byte] of [0x1f, 0x8b, 8].entries())
    if (bytes.length > at && bytes[at] !== byte)
      throw new Damage('damaged where it is compressed: incorrect header check');
  if (bytes.length < 10) return undefined;
  const flags = bytes[3]!;
  let at = 10;
  if (flags & EXTRA) {
    if (bytes.length < at + 2) return undefined;
    at += 2 + bytes.readUInt16LE(at);
  }
  for (const flag of [NAME, COMMENT]) {
    if (!(flags & flag)) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  if (flags & CRC) at += 2;
  return at <= bytes.length ? at : undefined;
}
