import { isUtf8 } from 'node:buffer';
import { LucieError } from '@lucie/ledger';
import type { GgufValue } from './gguf-file.ts';

const WINDOW = 1 << 20;
const MAX_NESTING = 4;

/** Reads GGUF's primitives one after another, with every length checked against the size of the file. */
export class GgufReader {
  readonly size: number;
  /** Bytes consumed so far. */
  position = 0;
  #read: (into: Uint8Array, at: number) => number;
  #path: string;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;

  constructor(read: (into: Uint8Array, at: number) => number, size: number, path: string) {
    this.#read = read;
    this.size = size;
    this.#path = path;
  }

  u32(): number {
    return this.#take(4).readUInt32LE();
  }

  /** An unsigned 64-bit number that must be a safe integer. */
  size64(): number {
    const value = this.#take(8).readBigUInt64LE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.truncated(`a length of ${value}`);
    return Number(value);
  }

  /** A number of things that each take at least `bytes` of the file. */
  count(what: string, bytes: number): number {
    const value = this.size64();
    if (value * bytes > this.size - this.position) throw this.truncated(`${value} ${what}`);
    return value;
  }

  string(): string {
    return this.text(this.count('bytes of text', 1));
  }

  text(bytes: number): string {
    const raw = this.#take(bytes);
    if (!isUtf8(raw)) throw this.invalid('text that is no UTF-8', 'UTF-8');
    return raw.toString('utf8');
  }

  /** A metadata value of GGUF's type number `type`. */
  value(type: number, depth = 0): GgufValue {
    switch (type) {
      case 0:
        return this.#take(1).readUInt8();
      case 1:
        return this.#take(1).readInt8();
      case 2:
        return this.#take(2).readUInt16LE();
      case 3:
        return this.#take(2).readInt16LE();
      case 4:
        return this.u32();
      case 5:
        return this.#take(4).readInt32LE();
      case 6:
        return this.#take(4).readFloatLE();
      case 7:
        return this.#boolean();
      case 8:
        return this.string();
      case 9: {
        const inner = this.u32();
        if (depth >= MAX_NESTING) throw this.invalid('arrays in arrays in arrays', `at most ${MAX_NESTING}`);
        return Array.from({ length: this.count('elements', 1) }, () => this.value(inner, depth + 1));
      }
      case 10:
        return narrow(this.#take(8).readBigUInt64LE());
      case 11:
        return narrow(this.#take(8).readBigInt64LE());
      case 12:
        return this.#take(8).readDoubleLE();
      default:
        throw this.invalid(`a metadata value of type ${type}`, 'a type from 0 to 12');
    }
  }

  invalid(found: string, expected: string): LucieError {
    return new LucieError({
      code: 'MODEL_INVALID',
      found: `${found} in ${this.#path} near byte ${this.position}`,
      expected,
      todo: 'fetch or build this file again',
    });
  }

  truncated(wanted: string): LucieError {
    return new LucieError({
      code: 'MODEL_TRUNCATED',
      found: `${this.#path} with ${this.size} bytes`,
      expected: `room for ${wanted}`,
      todo: 'fetch or build this file again: it is cut short or damaged',
    });
  }

  #boolean(): boolean {
    const byte = this.#take(1).readUInt8();
    if (byte > 1) throw this.invalid(`a truth value of ${byte}`, '0 or 1');
    return byte === 1;
  }

  #take(bytes: number): Buffer {
    if (this.position + bytes > this.size)
      throw this.truncated(`${bytes} more bytes at byte ${this.position}`);
    const from = this.position - this.#windowStart;
    if (from < 0 || from + bytes > this.#window.length) this.#fill(bytes);
    const start = this.position - this.#windowStart;
    this.position += bytes;
    return this.#window.subarray(start, start + bytes);
  }

  #fill(bytes: number): void {
    this.#windowStart = this.position;
    this.#window = Buffer.alloc(Math.min(Math.max(bytes, WINDOW), this.size - this.position));
    let filled = 0;
    while (filled < this.#window.length) {
      const got = this.#read(this.#window.subarray(filled), this.#windowStart + filled);
      if (got === 0) throw this.truncated('what its directory entry promises');
      filled += got;
    }
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
