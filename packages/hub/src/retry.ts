import { setTimeout } from 'node:timers/promises';
import { HubStatus, isTransient } from './hub-error.ts';

/** Attempts in a row that bring nothing. */
const ATTEMPTS = 5;

/** How a request is repeated. */
export interface RetryOptions {
  signal: AbortSignal;
  /** Before the first repeated attempt; doubled each time. */
  retryDelayMs: number;
}

/**
 * Counts the attempts that brought nothing, and waits between them: twice as long each time, or as long as the server asks.
 */
export class Retry {
  #failures = 0;
  #opts: RetryOptions;

  constructor(opts: RetryOptions) {
    this.#opts = opts;
  }

  /** To be called when something came: the count begins anew. */
  progressed(): void {
    this.#failures = 0;
  }

  /** Waits before the next attempt. @throws the error itself where another attempt is of no use, or one too many */
  async after(error: unknown): Promise<void> {
    const { signal, retryDelayMs } = this.#opts;
    signal.throwIfAborted();
    if (!isTransient(error) || ++this.#failures >= ATTEMPTS) throw error;
    const asked = error instanceof HubStatus ? (error.retryAfterMs ?? 0) : 0;
    const wait = Math.max(asked, retryDelayMs * 2 ** (this.#failures - 1));
    await setTimeout(wait, undefined, { signal });
  }
}

/** Repeats a short request until it succeeds, or fails for good. */
export async function retried<T>(ask: () => Promise<T>, opts: RetryOptions): Promise<T> {
  for (const retry = new Retry(opts); ; ) {
    try {
      return await ask();
    } catch (error) {
      await retry.after(error);
    }
  }
}
