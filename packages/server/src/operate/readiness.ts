/** Why a server should be given no new request just now. */
export type NotReady = 'loading' | 'stopping' | 'busy' | 'keys_unreadable';

/**
 * Whether new requests should come: what a load balancer, or a script that waits for the start, asks at `/ready`.
 * `/health` asks another question, whether the process lives; a server that loads or stops is healthy and not ready.
 */
export class Readiness {
  #loading = 0;
  #queue: { readonly count: number; readonly limit: number };
  #keys: { readonly readable: boolean };
  #stopping = false;

  /**
   * @param queue - answers at work or waiting, and the most there may be
   * @param keys - whether whoever comes with a key can be let in
   */
  constructor(
    queue: { readonly count: number; readonly limit: number },
    keys: { readonly readable: boolean },
  ) {
    this.#queue = queue;
    this.#keys = keys;
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
    if (!this.#keys.readable) return 'keys_unreadable';
    const { count, limit } = this.#queue;
    return count >= limit ? 'busy' : undefined;
  }
}
