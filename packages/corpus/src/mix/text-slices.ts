import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Characters that wait in memory before they go to disk. */
const WAITING = 16_000_000;

/**
 * Sorts more than fits in memory: every record goes to the file of its slice, then each slice is read alone and put in
 * order. Whoever adds decides the slices, which must be in the order of the places.
 */
export class TextSlices<Record> {
  readonly #dir: string;
  #lines: string[][] = [];
  #waiting = 0;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** @param place - unique; decides the order */
  async add(record: Record, at: { slice: number; place: number }): Promise<void> {
    const line = `${JSON.stringify([at.place, record])}\n`;
    (this.#lines[at.slice] ??= []).push(line);
    this.#waiting += line.length;
    if (this.#waiting >= WAITING) await this.#flush();
  }

  /** The records in the order of their places; the files are gone afterwards. */
  async *inOrder(): AsyncGenerator<Record> {
    await this.#flush();
    for (const slice of this.#lines.keys()) {
      if (this.#lines[slice] === undefined) continue;
      const path = this.#path(slice);
      const records = linesOf(await readFile(path)).map((line) => JSON.parse(line) as [number, Record]);
      await rm(path);
      records.sort(([a], [b]) => a - b);
      for (const [, record] of records) yield record;
    }
  }

  async #flush(): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    for (const [slice, lines] of this.#lines.entries()) {
      if (lines === undefined || lines.length === 0) continue;
      await appendFile(this.#path(slice), lines.join(''));
      this.#lines[slice] = [];
    }
    this.#waiting = 0;
  }

  #path(slice: number): string {
    return join(this.#dir, `${slice}.jsonl`);
  }
}

/** Cut before decoding: a slice may be longer than a string can be. */
function linesOf(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    lines.push(bytes.toString('utf8', from, end));
    from = end + 1;
  }
  return lines;
}
