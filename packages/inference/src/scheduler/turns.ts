/**
 * Whose turn it is at the processor: those who ask get it one after the other, in order. Two decodes at once would be
 * more threads than idle cores, which makes both many times slower.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when everybody who asked before is done. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
