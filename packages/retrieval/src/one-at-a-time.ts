/** Lets one piece of work run at a time: those that are urgent go before the others, else in the order of asking. */
export class OneAtATime {
  #waiting: (() => void)[] = [];
  #urgent: (() => void)[] = [];
  #busy = false;

  /** @throws the signal's reason when it is aborted before the work begins; work that has begun goes on to its end */
  async take<T>(
    work: () => Promise<T>,
    { first = false, signal }: { first?: boolean; signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    if (this.#busy) await new Promise<void>((go) => (first ? this.#urgent : this.#waiting).push(go));
    this.#busy = true;
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      const next = this.#urgent.shift() ?? this.#waiting.shift();
      // The turn is handed on: nobody who comes in between may take it.
      if (next) next();
      else this.#busy = false;
    }
  }
}
