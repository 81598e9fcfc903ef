/** So many at the same time; one more is refused. */
export class Places {
  #free: number;
  #refusal: () => Error;

  constructor(most: number, refusal: () => Error) {
    this.#free = most;
    this.#refusal = refusal;
  }

  /** A place, until it is disposed. @throws the refusal */
  take(): Disposable {
    if (this.#free === 0) throw this.#refusal();
    this.#free--;
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#free++;
        held = false;
      },
    };
  }
}
