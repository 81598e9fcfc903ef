/** Reads lines and counted bytes from chunks, holding no more than one of them and what is asked for. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next line without its end, cut at `maxBytes`; undefined at the end of the bytes. */
  async line(maxBytes: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let size = 0;
    let any = false;
    for (;;) {
      if (this.#rest.length === 0 && !(await this.#more())) return any ? Buffer.concat(parts) : undefined;
      any = true;
      const end = this.#rest.indexOf(10);
      const part = end < 0 ? this.#rest : this.#rest.subarray(0, end);
      if (size < maxBytes) parts.push(part.subarray(0, maxBytes - size));
      size += part.length;
      this.#rest = end < 0 ? Buffer.alloc(0) : this.#rest.subarray(end + 1);
      if (end < 0) continue;
      const line = Buffer.concat(parts);
      return line.at(-1) === 13 ? line.subarray(0, -1) : line;
    }
  }

  /** Exactly so many bytes; undefined where they end before. */
  async take(bytes: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    const whole = await this.#pass(bytes, (part) => parts.push(part));
    return whole ? (parts.length === 1 ? parts[0] : Buffer.concat(parts)) : undefined;
  }

  /** Passes over bytes; false where they end before. */
  skip(bytes: number): Promise<boolean> {
    return this.#pass(bytes, () => {});
  }

  /** Lets go of what the chunks come from. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #pass(bytes: number, each: (part: Buffer) => void): Promise<boolean> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0 && !(await this.#more())) return false;
      const part = this.#rest.subarray(0, left);
      each(part);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
    }
    return true;
  }

  async #more(): Promise<boolean> {
    for (;;) {
      const next = await this.#chunks.next();
      if (next.done) return false;
      if (next.value.length === 0) continue;
      this.#rest = next.value;
      return true;
    }
  }
}
