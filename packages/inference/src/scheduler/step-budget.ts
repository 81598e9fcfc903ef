import { TILE } from './sizes.ts';

/** A step is planned for less than it may take: what was measured is the past. */
const MARGIN = 0.8;
const FIRST = 32;
/** Reading goes on, however slow the machine. */
const LEAST = 8;
/** Steps of a whole tile are worth one that may be too long by this factor. */
const TRIAL = 3;
/** Weight of a new, lower measurement; a higher one counts at once. */
const NEWS = 0.3;
/** So much slower than it was, and the machine is slower, not only steps of this size. */
const SLOWED = 1.3;
/** Steps of one group take about the same time per token: 30 rows may take longer than 64, which go through attention in tiles. */
const SIZES = [1, 16, 32, 64, 128, 192, 256, 384, Infinity];

interface Group {
  msPerToken: number;
  /** Number of the measurement. */
  at: number;
}

/** How many tokens of prompts a step may read so that it takes no longer than `limitMs`. */
export class StepBudget {
  #limitMs: number;
  #most: number;
  #groups: (Group | undefined)[] = SIZES.map(() => undefined);
  #largest = 0;
  #count = 0;

  /** @param opts.most - tokens of a batch */
  constructor(opts: { limitMs: number; most: number }) {
    this.#limitMs = opts.limitMs;
    this.#most = opts.most;
  }

  /** @param generating - tokens that the step takes for running answers */
  room(generating: number): number {
    // Twice what has been tried is no leap into the dark.
    const tried = this.#count === 0 ? FIRST : Math.max(TILE, 2 * this.#largest);
    const most = Math.min(tried, this.#most);
    const fitting = Math.min(this.#fitting(), most);
    // Rows beyond whole tiles go through attention one by one: after 2,000 tokens 16 of them cost as much as a tile.
    const tokens = (fitting < TILE ? fitting : fitting - (fitting % TILE)) - generating;
    return Math.max(Math.min(LEAST, this.#most - generating), tokens);
  }

  /** Steps that hardly read say nothing: one token takes as long as several. */
  measured(ms: number, tokens: { generating: number; reading: number }): void {
    if (tokens.reading < LEAST) return;
    const all = tokens.generating + tokens.reading;
    const index = SIZES.findIndex((size) => size > all) - 1;
    const now = ms / all;
    const before = this.#groups[index]?.msPerToken ?? now;
    if (now > SLOWED * before) for (const group of this.#groups) if (group) group.msPerToken *= now / before;
    const msPerToken = now > before ? now : before + NEWS * (now - before);
    this.#groups[index] = { msPerToken, at: ++this.#count };
    this.#largest = Math.max(this.#largest, all);
  }

  /**
   * The largest step that fits. What is known of smaller steps holds for larger ones too, which take no longer per
   * token, where it is newer or all there is.
   */
  #fitting(): number {
    let fitting = this.#count === 0 ? FIRST : 0;
    let known: Group | undefined;
    for (const [i, group] of this.#groups.entries()) {
      if (group && (!known || group.at > known.at || group.msPerToken < known.msPerToken)) known = group;
      if (!known) continue;
      const tokens = Math.floor((MARGIN * this.#limitMs) / known.msPerToken);
      const untried = !group && SIZES[i] === TILE && TRIAL * tokens >= TILE;
      if (untried) fitting = Math.max(fitting, TILE);
      if (tokens >= SIZES[i]!) fitting = Math.min(tokens, (SIZES[i + 1] ?? Infinity) - 1);
    }
    return fitting;
  }
}
