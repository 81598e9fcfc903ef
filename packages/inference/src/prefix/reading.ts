import type { Work } from '../scheduler/work.ts';

/** Tokens that are only read, so that they are there for everybody: what warming a prefix is. */
export class Reading implements Work {
  readonly tokens: readonly number[];
  readonly promptTokens: number;
  readonly room: string;
  readonly person = '';
  readonly scope = undefined;
  readonly reuse = true;
  readonly alone = false;
  readonly asksNothing = true;
  readonly cost: number;
  finished = false;
  /** Tokens that were there already. */
  reused = 0;
  /** Settles when all has been read; rejects when it could not be. */
  readonly done: Promise<void>;
  #settle: { resolve: () => void; reject: (reason: unknown) => void };

  constructor(tokens: readonly number[], room = '') {
    this.tokens = tokens;
    this.promptTokens = tokens.length;
    this.cost = tokens.length;
    this.room = room;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.#settle = { resolve, reject };
  }

  moved(): void {}

  began(cached: number): void {
    this.reused = cached;
  }

  accept(): boolean {
    this.finished = true;
    this.#settle.resolve();
    return false;
  }

  spend(): void {}

  fail(error: unknown): void {
    this.finished = true;
    this.#settle.reject(error);
  }

  /** The engine closes. */
  cancel(): void {
    this.fail(new DOMException('the engine was closed while it read', 'AbortError'));
  }
}
