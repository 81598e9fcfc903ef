import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { explainSystemError, LucieError } from '@lucie/ledger';

const BUFFER = 1 << 20;

/**
 * Writes numbers and bytes one after another through a buffer. Either all of it is on the disk when `close` returns,
 * or an error has been thrown: a disk that takes a part of a write is asked for the rest, and says that it is full.
 */
export class BinaryWriter {
  #file: number;
  #buffer = Buffer.alloc(BUFFER);
  #used = 0;

  constructor(path: string) {
    this.#file = checked(() => openSync(path, 'w'));
  }

  write(data: Uint8Array | Int32Array | Uint32Array): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (this.#used + bytes.length > BUFFER) this.#flush();
    if (bytes.length > BUFFER) {
      this.#writeAll(bytes);
    } else {
      this.#buffer.set(bytes, this.#used);
      this.#used += bytes.length;
    }
  }

  text(line: string): void {
    const most = line.length * 3;
    if (this.#used + most > BUFFER) this.#flush();
    if (most > BUFFER) this.#writeAll(Buffer.from(line));
    else this.#used += this.#buffer.write(line, this.#used);
  }

  /** Writes what is left and waits for the disk. */
  close(): void {
    try {
      this.#flush();
      checked(() => fsyncSync(this.#file));
    } finally {
      this.abandon();
    }
  }

  /** Closes without writing what is left. Harmless after `close`. */
  abandon(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }

  #flush(): void {
    this.#writeAll(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  #writeAll(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; )
      at += checked(() => writeSync(this.#file, bytes, at, bytes.length - at));
  }
}

/** Reads stretches of a file. */
export class BinaryReader {
  readonly path: string;
  readonly bytes: number;
  #file: number;

  constructor(path: string) {
    this.path = path;
    this.#file = checked(() => openSync(path, 'r'));
    this.bytes = fstatSync(this.#file).size;
  }

  /** @throws LucieError `DUPLICATES_DAMAGED` where the file ends before */
  read(position: number, bytes: number): Uint8Array<ArrayBuffer> {
    const data = new Uint8Array(bytes);
    for (let at = 0; at < bytes; ) {
      const count = checked(() => readSync(this.#file, data, at, bytes - at, position + at));
      if (count === 0) {
        throw new LucieError({
          code: 'DUPLICATES_DAMAGED',
          found: `${this.path} ending at byte ${this.bytes}`,
          expected: `${bytes} bytes from ${position} on`,
          todo: 'remove the folder it lies in and call again',
        });
      }
      at += count;
    }
    return data;
  }

  /** Integers of 32 bits; `position` and `count` in integers. */
  integers(position: number, count: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.read(4 * position, 4 * count).buffer);
  }

  close(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }
}

function checked<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw explainSystemError(error);
  }
}
