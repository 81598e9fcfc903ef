/** Why a server should be given no new request just now. */
export type NotReady = 'loading' | 'stopping' | 'busy';

/**
 * Whether new requests should come: what a load balancer, or a script that waits for the start, asks at `/ready`.
 * `/health` asks another question, whether the process lives; a server that loads or stops is healthy and not ready.
 */
export class Readiness {
  #loading = 0;
  #queue: { readonly count: number; readonly limit: number };
  #stopping = false;

  /** @param queue - answers at work or waiting, and the most there may be */
  constructor(queue: { readonly count: number; readonly limit: number }) {
    this.#queue = queue;
  }

  /** Not ready until the returned thing is disposed: a model is loading, a course is being read. */
  loading(): Disposable {
    this.#loading++;
    return { [Symbol.dispose]: () => void this.#loading-- };
  }

  /** From now on, for good. */
  stop(): void {
    this.#stopping = true;
  }

  /** Undefined when ready. */
  get reason(): NotReady | undefined {
    if (this.#stopping) return 'stopping';
    if (this.#loading > 0) return 'loading';
    const { count, limit } = this.#queue;
    return count >= limit ? 'busy' : undefined;
  }
}
