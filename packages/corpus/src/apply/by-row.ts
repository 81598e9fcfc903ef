import { open } from 'node:fs/promises';

/** Lines of JSON, one by one. */
export async function* readJsonLines<T>(path: string): AsyncGenerator<T> {
  const file = await open(path);
  try {
    for await (const line of file.readLines()) if (line !== '') yield JSON.parse(line) as T;
  } finally {
    await file.close();
  }
}

/** Goes along a table whose rows refer to documents by `row`, in ascending order, beside the documents themselves. */
export class ByRow<T extends { row: number }> {
  #items: AsyncIterator<T>;
  #next: IteratorResult<T> | undefined;

  constructor(items: AsyncIterable<T>) {
    this.#items = items[Symbol.asyncIterator]();
  }

  /** What is said of a document. To be asked in ascending order. */
  async at(row: number): Promise<T[]> {
    const found: T[] = [];
    this.#next ??= await this.#items.next();
    while (!this.#next.done && this.#next.value.row <= row) {
      if (this.#next.value.row === row) found.push(this.#next.value);
      this.#next = await this.#items.next();
    }
    return found;
  }

  async close(): Promise<void> {
    await this.#items.return?.();
  }
}
