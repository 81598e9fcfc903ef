import type { Tokenizer } from './tokenizer.ts';

/** Decodes ids one by one into pieces of valid text: a character that spans tokens appears with its last one. */
export class DecodeStream {
  #tokenizer: Tokenizer;
  #special: boolean;
  // A byte-order mark is text like any other here.
  #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(tokenizer: Tokenizer, opts: { special?: boolean } = {}) {
    this.#tokenizer = tokenizer;
    this.#special = opts.special ?? false;
  }

  /**
   * The text that this id completes, often ''.
   * @throws LucieError `TOKEN_UNKNOWN`
   */
  push(id: number): string {
    const bytes = this.#tokenizer.tokenBytes(id, { special: this.#special });
    return this.#decoder.decode(bytes, { stream: true });
  }

  /** What is left at the end: '' or U+FFFD for a character that never was completed. */
  end(): string {
    return this.#decoder.decode();
  }
}
