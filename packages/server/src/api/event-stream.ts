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
 * After a write the next one comes so many milliseconds later: the eye sees no more than 25 pictures a second, and a
 * write costs some 0.15 ms of the processor that decodes.
 */
const REST_MS = 40;

/**
 * Server-sent events: written at any time, sent once somebody is attached. The first leaves with all others of its tick;
 * what comes while the stream rests leaves together at the end of the rest, and the end of the stream waits for nothing.
 */
export class EventStream {
  #pending = '';
  #sink: Sink | undefined;
  #scheduled = false;
  #ended = false;
  #blocked = false;
  #rest: NodeJS.Timeout | undefined;
  /** True once the reader went away; what is sent then goes nowhere. */
  gone = false;
  /** Called when what was held back can be sent. */
  onDrain: () => void = () => {};
  /** Called when the reader went away before the end. */
  onGone: () => void = () => {};

  /** True while nothing leaves, as the stream rests or the reader is slow: hold back what can be put together. */
  get waiting(): boolean {
    return this.#blocked || this.#rest !== undefined;
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
    clearTimeout(this.#rest);
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
    clearTimeout(this.#rest);
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
    if (this.#scheduled || !this.#sink || this.#rest) return;
    this.#scheduled = true;
    // After the promises of this tick: they may bring the tokens that were decoded together with this one.
    process.nextTick(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #rested = (): void => {
    this.#rest = undefined;
    if (this.#blocked) return;
    this.onDrain();
    this.#flush();
  };

  #flush(): void {
    if (!this.#sink || this.gone || this.#blocked) return;
    if (this.#pending !== '') {
      const text = this.#pending;
      this.#pending = '';
      if (!this.#sink.write(text)) this.#blocked = true;
      clearTimeout(this.#rest);
      if (!this.#ended) this.#rest = setTimeout(this.#rested, REST_MS);
    }
    if (!this.#ended || this.#blocked) return;
    this.#sink.end();
    this.#sink = undefined;
  }
}
