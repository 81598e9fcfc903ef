import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { decodeIndex, fault, type IdType, idBytes } from './format.ts';

/**
 * A shard open for random access. Tokens are numbered through the whole stream of documents; only what is asked for
 * is read. Dispose to close the file.
 */
export class Shard implements Disposable {
  readonly prefix: string;
  readonly tokenCount: number;
  /** Position of each document's first token, with `tokenCount` at the end. */
  readonly starts: Float64Array;
  readonly #type: IdType;
  readonly #file: number;

  private constructor(prefix: string, type: IdType, starts: Float64Array) {
    this.prefix = prefix;
    this.starts = starts;
    this.tokenCount = starts.at(-1)!;
    this.#type = type;
    this.#file = openSync(`${prefix}.bin`, 'r');
  }

  /** @throws LucieError `SHARD_MISSING`, `SHARD_FOREIGN`, `SHARD_TRUNCATED`, `SHARD_INVALID` */
  static open(prefix: string): Shard {
    for (const suffix of ['.idx', '.bin']) {
      if (!existsSync(prefix + suffix)) throw fault('MISSING', prefix, `no ${suffix} file`);
    }
    const bytes = readFileSync(`${prefix}.idx`);
    const index = decodeIndex(bytes, { prefix, binBytes: statSync(`${prefix}.bin`).size });
    const ends = new Float64Array(index.lengths.length + 1);
    for (const [i, length] of index.lengths.entries()) ends[i + 1] = ends[i]! + length;
    return new Shard(
      prefix,
      index.type,
      Float64Array.from(index.documents, (first) => ends[Number(first)]!),
    );
  }

  /** Name of the source. */
  get name(): string {
    return basename(this.prefix);
  }

  get documentCount(): number {
    return this.starts.length - 1;
  }

  /** Token ids [start, start + length). @throws RangeError outside the shard */
  read(start: number, length: number): Uint16Array | Int32Array {
    if (start < 0 || start + length > this.tokenCount) {
      throw new RangeError(`tokens ${start} to ${start + length} of ${this.tokenCount} in ${this.prefix}`);
    }
    const width = idBytes(this.#type);
    const bytes = new Uint8Array(length * width);
    for (let at = 0; at < bytes.length; ) {
      const got = readSync(this.#file, bytes, at, bytes.length - at, start * width + at);
      if (got === 0) throw fault('TRUNCATED', this.prefix, 'tokens that have become shorter');
      at += got;
    }
    return this.#type === 'uint16' ? new Uint16Array(bytes.buffer) : new Int32Array(bytes.buffer);
  }

  /** Index of the document that holds the token at this position. */
  documentAt(position: number): number {
    let low = 0;
    let high = this.documentCount;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle]! <= position) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Ids of all documents, in their order in the shard. */
  documentIds(): string[] {
    const lines = readFileSync(`${this.prefix}.documents.jsonl`, 'utf8').split('\n').slice(0, -1);
    if (lines.length !== this.documentCount) {
      throw fault(
        'TRUNCATED',
        this.prefix,
        `${lines.length} document ids for ${this.documentCount} documents`,
      );
    }
    return lines.map((line) => (JSON.parse(line) as { id: string }).id);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
