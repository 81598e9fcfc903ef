import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LucieError, syncDirectory, writeFileAtomic } from '@lucie/ledger';
import { encodeIndex, type IdType, idBytes } from './format.ts';

const BUFFER_BYTES = 1 << 22;

/**
 * Writes one shard document by document: `<prefix>.bin`, `<prefix>.idx` and `<prefix>.documents.jsonl`, whose line i
 * names document i. The final names appear in `finish`, the index last.
 */
export class ShardWriter {
  readonly #prefix: string;
  readonly #type: IdType;
  readonly #handle: FileHandle;
  #buffer = new Uint8Array(BUFFER_BYTES);
  #filled = 0;
  #lengths: number[] = [];
  #ids: string[] = [];

  private constructor(prefix: string, type: IdType, handle: FileHandle) {
    this.#prefix = prefix;
    this.#type = type;
    this.#handle = handle;
  }

  static async create(prefix: string, type: IdType): Promise<ShardWriter> {
    await mkdir(dirname(prefix), { recursive: true });
    return new ShardWriter(prefix, type, await open(`${prefix}.bin.tmp`, 'w'));
  }

  /** Appends a document: all its token ids, the end token included. */
  async add(documentId: string, tokens: ArrayLike<number>): Promise<void> {
    const ids = this.#type === 'uint16' ? Uint16Array.from(tokens) : Int32Array.from(tokens);
    for (let i = 0; i < ids.length; i++) {
      if (ids[i] !== tokens[i]) {
        throw new LucieError({
          code: 'TOKEN_OUT_OF_RANGE',
          found: `token id ${tokens[i]} in document ${documentId}`,
          expected: `ids that fit ${this.#type}`,
          todo: 'write the shard with a wider id type',
        });
      }
    }
    const bytes = new Uint8Array(ids.buffer);
    if (this.#filled + bytes.length > BUFFER_BYTES) await this.#flush();
    if (bytes.length > BUFFER_BYTES) await this.#handle.writeFile(bytes);
    else {
      this.#buffer.set(bytes, this.#filled);
      this.#filled += bytes.length;
    }
    this.#lengths.push(bytes.length / idBytes(this.#type));
    this.#ids.push(documentId);
  }

  /** Syncs and gives the files their names. @returns counts of documents and tokens */
  async finish(): Promise<{ documents: number; tokens: number }> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    await rename(`${this.#prefix}.bin.tmp`, `${this.#prefix}.bin`);
    await syncDirectory(dirname(this.#prefix));
    const lines = this.#ids.map((id) => `${JSON.stringify({ id })}\n`);
    await writeFileAtomic(`${this.#prefix}.documents.jsonl`, lines.join(''));
    const documents = BigInt64Array.from({ length: this.#lengths.length + 1 }, (_, i) => BigInt(i));
    const index = encodeIndex({ type: this.#type, lengths: Int32Array.from(this.#lengths), documents });
    await writeFileAtomic(`${this.#prefix}.idx`, index);
    return { documents: this.#lengths.length, tokens: this.#lengths.reduce((a, b) => a + b, 0) };
  }

  /** Gives up: nothing stays behind. */
  async abandon(): Promise<void> {
    await this.#handle.close();
    await rm(`${this.#prefix}.bin.tmp`, { force: true });
  }

  async #flush(): Promise<void> {
    await this.#handle.writeFile(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
}
