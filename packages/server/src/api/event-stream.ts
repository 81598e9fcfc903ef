/** Where an event stream is written to. */
export interface Sink {
  /** @returns false when the reader is slow: call `drained` of the stream once more is welcome */
  write(text: string): boolean;
  end(): void;
  /** Breaks the connection off. */
  drop(): void;
}

/** So much text may wait for a slow reader; one who is further behind reads no more. */
export const MAX_PENDING = 1 << 22;

/**
 * Server-sent events: written at any time, sent once somebody is attached. Events of one tick leave in one write, so
 * that tokens which several people wait for cost one system call each, not several.
 */
export class EventStream {
  #pending = '';
  #sink: Sink | undefined;
  #scheduled = false;
  #ended = false;
  #blocked = false;
  /** True once the reader went away; what is sent then goes nowhere. */
  gone = false;
  /** Called when a slow reader has caught up. */
  onDrain: () => void = () => {};
  /** Called when the reader went away before the end. */
  onGone: () => void = () => {};

  /** True while the reader is slower than the answer: hold back what can be put together. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** One event; `data` is one line. */
  send(data: string): void {
    this.#add(`data: ${data}\n\n`);
  }

  /** A line that clients pass over: it keeps the connection alive and tells people where they stand. */
  comment(text: string): void {
    this.#add(`: ${text}\n\n`);
  }

  end(): void {
    this.#ended = true;
    this.#flush();
  }

  attach(sink: Sink): void {
    this.#sink = sink;
    this.#flush();
  }

  drained(): void {
    this.#blocked = false;
    this.onDrain();
    this.#flush();
  }

  /** The reader went away. */
  leave(): void {
    if (this.gone) return;
    this.gone = true;
    this.#pending = '';
    this.onGone();
  }

  #add(text: string): void {
    if (this.gone || this.#ended) return;
    this.#pending += text;
    if (this.#pending.length > MAX_PENDING) {
      this.#sink?.drop();
      this.leave();
      return;
    }
    if (this.#scheduled || !this.#sink) return;
    this.#scheduled = true;
    // After the promises of this tick: they may bring the tokens that were decoded together with this one.
    process.nextTick(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (!this.#sink || this.gone || this.#blocked) return;
    if (this.#pending !== '') {
      const text = this.#pending;
      this.#pending = '';
      if (!this.#sink.write(text)) this.#blocked = true;
    }
    if (!this.#ended || this.#blocked) return;
    this.#sink.end();
    this.#sink = undefined;
  }
}
