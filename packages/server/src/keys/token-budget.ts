const MINUTE_MS = 60_000;

/**
 * Tokens of one key: a minute's worth at most, that come back evenly. An answer's length is known only at its end, so
 * the most that it may take is set aside when it is let in, and what it did not take is given back. More than a minute's
 * worth is let in only when nothing else is used; what it takes beyond is a debt, and time pays it.
 */
export class TokenBudget {
  readonly perMinute: number;
  #left: number;
  #at = Date.now();

  constructor(perMinute: number) {
    this.perMinute = perMinute;
    this.#left = perMinute;
  }

  /** Whole tokens that may be set aside now; below zero for a debt. */
  get left(): number {
    this.#refill();
    return Math.floor(this.#left);
  }

  /** @returns false, with nothing set aside, when there are too few */
  setAside(tokens: number): boolean {
    if (this.left < Math.min(tokens, this.perMinute)) return false;
    this.#left -= tokens;
    return true;
  }

  giveBack(tokens: number): void {
    this.#refill();
    this.#left = Math.min(this.perMinute, this.#left + tokens);
  }

  /** Seconds until so many tokens are there. */
  secondsUntil(tokens: number): number {
    this.#refill();
    const missing = Math.min(tokens, this.perMinute) - this.#left;
    return missing <= 0 ? 0 : Math.ceil((missing / this.perMinute) * 60);
  }

  #refill(): void {
    const now = Date.now();
    // A clock that is set back gives nothing.
    const passed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#left = Math.min(this.perMinute, this.#left + (passed / MINUTE_MS) * this.perMinute);
  }
}
