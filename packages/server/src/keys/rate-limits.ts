import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { KeyRecord } from './key-record.ts';
import { TokenBudget } from './token-budget.ts';

/** One limit of a key, as it stands. */
export interface LimitState {
  limit: number;
  remaining: number;
  /** Seconds until the whole limit is there again. */
  resetSeconds: number;
}

const MINUTE = 60;

/** Requests of each key, counted in memory in windows of a minute that begin with the first one, and its tokens. */
export class RateLimits {
  #requests = new Map<string, RateLimiterMemory>();
  #tokens = new Map<string, TokenBudget>();

  /** Counts a request. */
  async request(key: KeyRecord): Promise<(LimitState & { exceeded: boolean }) | undefined> {
    const limit = key.requestsPerMinute;
    if (limit === undefined) return undefined;
    const used = await this.#limiter(key.id, limit)
      .consume(key.id)
      .catch((refused: RateLimiterRes) => refused);
    // A window whose time is over may still be there for a moment.
    const consumed = used.msBeforeNext > 0 ? used.consumedPoints : 0;
    return {
      limit,
      remaining: Math.max(0, limit - consumed),
      resetSeconds: consumed === 0 ? 0 : Math.ceil(used.msBeforeNext / 1000),
      exceeded: consumed > limit,
    };
  }

  /** The tokens of this key; undefined when they are not limited. A limit that was changed begins anew. */
  tokens(key: KeyRecord): TokenBudget | undefined {
    if (key.tokensPerMinute === undefined) return undefined;
    let budget = this.#tokens.get(key.id);
    if (budget?.perMinute !== key.tokensPerMinute) {
      budget = new TokenBudget(key.tokensPerMinute);
      this.#tokens.set(key.id, budget);
    }
    return budget;
  }

  #limiter(id: string, points: number): RateLimiterMemory {
    const known = this.#requests.get(id);
    if (known?.points === points) return known;
    const made = new RateLimiterMemory({ points, duration: MINUTE });
    this.#requests.set(id, made);
    return made;
  }
}
