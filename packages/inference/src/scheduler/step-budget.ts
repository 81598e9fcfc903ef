/** A step is planned for less than it may take: what was measured is the past. */
const MARGIN = 0.8;
const FIRST = 32;
/** Reading goes on, however slow the machine. */
const LEAST = 8;
/** Weight of a new, lower measurement; a higher one counts at once. */
const NEWS = 0.3;

/** How many tokens of prompts a step may read so that it takes no longer than `limitMs`. */
export class StepBudget {
  #limitMs: number;
  #most: number;
  #perToken: number | undefined;
  #largest = 0;

  /** @param opts.most - tokens of a batch */
  constructor(opts: { limitMs: number; most: number }) {
    this.#limitMs = opts.limitMs;
    this.#most = opts.most;
  }

  /** @param generating - tokens that the step takes for running answers */
  room(generating: number): number {
    const fits = this.#perToken === undefined ? FIRST : (MARGIN * this.#limitMs) / this.#perToken;
    // Twice what has been tried is no leap into the dark.
    const tokens = Math.floor(Math.min(fits, Math.max(FIRST, 2 * this.#largest), this.#most) - generating);
    return Math.max(Math.min(LEAST, this.#most - generating), tokens);
  }

  /** Steps that hardly read say nothing: one token takes as long as several. */
  measured(ms: number, tokens: { generating: number; reading: number }): void {
    if (tokens.reading < LEAST) return;
    const all = tokens.generating + tokens.reading;
    const now = ms / all;
    const before = this.#perToken ?? now;
    this.#perToken = now > before ? now : before + NEWS * (now - before);
    this.#largest = Math.max(this.#largest, all);
  }
}
