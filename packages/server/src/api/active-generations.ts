import { ApiError } from './api-error.ts';

/** Generations at work, so that a stopping server can cancel them and wait until the engine is still. */
export class ActiveGenerations {
  /** How many answers each is to give. */
  #controllers = new Map<AbortController, number>();
  #idle: (() => void)[] = [];
  #stopping = false;
  readonly limit: number;

  /** @param limit - most generations at work or waiting; one more is refused with 429. */
  constructor(limit: number) {
    this.limit = limit;
  }

  get count(): number {
    return this.#controllers.values().reduce((sum, answers) => sum + answers, 0);
  }

  /**
   * Registers what is asked of a model; dispose when it has ended. Its signal joins `client` with the server's stop.
   * @param answers - how many it counts for
   * @throws ApiError 503 `stopping`, 429 `too_many_requests`
   */
  begin(client: AbortSignal, answers = 1): { signal: AbortSignal } & Disposable {
    if (this.#stopping) {
      throw new ApiError({
        status: 503,
        code: 'stopping',
        message: 'The server is stopping; ask again when it has been started anew.',
      });
    }
    if (this.count + answers > this.limit) {
      throw new ApiError({
        status: 429,
        code: 'too_many_requests',
        message: `No more than ${this.limit} answers are written or waiting at the same time; ask again in a few seconds.`,
      });
    }
    const controller = new AbortController();
    this.#controllers.set(controller, answers);
    return {
      signal: AbortSignal.any([client, controller.signal]),
      [Symbol.dispose]: () => {
        this.#controllers.delete(controller);
        if (this.#controllers.size === 0) for (const wake of this.#idle.splice(0)) wake();
      },
    };
  }

  /** Refuses new generations and resolves once none is at work; those left after `graceMs` are cancelled. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    if (this.count === 0) return;
    const idle = new Promise<void>((resolve) => this.#idle.push(resolve));
    const timer = setTimeout(() => {
      for (const controller of this.#controllers.keys()) controller.abort(new Error('server stopped'));
    }, graceMs);
    await idle;
    clearTimeout(timer);
  }
}
