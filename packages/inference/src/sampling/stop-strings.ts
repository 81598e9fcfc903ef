/**
 * Lets text through until a stop string appears, also across the borders of its pieces: an end that could be the
 * beginning of a stop string is held back until the next piece decides.
 */
export class StopStrings {
  #stops: string[];
  #held = '';
  /** The stop string that was met. */
  matched: string | undefined;

  constructor(stops: readonly string[]) {
    // Half a pair of surrogates stands in no text, and would tear the characters that hold it.
    this.#stops = stops.filter((stop) => stop !== '' && stop.isWellFormed());
  }

  /** Adds a piece; returns the text that is now certain to come before any stop string. */
  push(piece: string): string {
    if (this.matched !== undefined) return '';
    const text = this.#held + piece;
    // The one that is complete first ends the text, so that the borders of pieces make no difference.
    let cut = -1;
    let end = Infinity;
    for (const stop of this.#stops) {
      const at = text.indexOf(stop);
      if (at < 0 || at + stop.length > end || (at + stop.length === end && at > cut)) continue;
      cut = at;
      end = at + stop.length;
      this.matched = stop;
    }
    if (cut >= 0) {
      this.#held = '';
      return text.slice(0, cut);
    }
    const keep = Math.max(0, ...this.#stops.map((stop) => overlap(text, stop)));
    this.#held = text.slice(text.length - keep);
    return text.slice(0, text.length - keep);
  }

  /** The end: what was held back is plain text after all. */
  flush(): string {
    const text = this.#held;
    this.#held = '';
    return text;
  }
}

/** Length of the longest end of `text` that begins `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
