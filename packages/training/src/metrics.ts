import { type FileHandle, open, readFile } from 'node:fs/promises';
import { LucieError } from '@lucie/ledger';

/** One line of `metrics.jsonl`: what a step did, without anything that depends on the clock. */
export interface Metric {
  step: number;
  loss: number;
  lr: number;
  grad_norm: number;
  /** Tokens of the batch, those that do not count in the loss included. */
  tokens: number;
}

/**
 * The growing `metrics.jsonl` of a run. A resumed run cuts it back to the checkpoint's length, so that the finished
 * file is that of an uninterrupted run.
 */
export class MetricsFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #bytes: number;

  private constructor(path: string, handle: FileHandle, bytes: number) {
    this.#path = path;
    this.#handle = handle;
    this.#bytes = bytes;
  }

  /** @throws LucieError `METRICS_TRUNCATED` when the file is shorter than the checkpoint says */
  static async open(path: string, bytes: number): Promise<MetricsFile> {
    const handle = await open(path, 'a+');
    const { size } = await handle.stat();
    if (size < bytes) {
      await handle.close();
      throw new LucieError({
        code: 'METRICS_TRUNCATED',
        found: `${path} with ${size} bytes`,
        expected: `at least ${bytes}, as at the last checkpoint`,
        todo: 'remove the stage’s .partial folder and train anew',
      });
    }
    await handle.truncate(bytes);
    return new MetricsFile(path, handle, bytes);
  }

  get bytes(): number {
    return this.#bytes;
  }

  async append(metric: Metric): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(metric)}\n`);
    await this.#handle.appendFile(line);
    this.#bytes += line.length;
  }

  /** All lines so far. */
  async read(): Promise<Metric[]> {
    const text = await readFile(this.#path, 'utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Metric);
  }

  /** Must come before the checkpoint that counts on these bytes. */
  async sync(): Promise<void> {
    await this.#handle.sync();
  }

  async close(): Promise<void> {
    await this.#handle.sync();
    await this.#handle.close();
  }
}
