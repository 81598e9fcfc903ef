import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { KeyRecord } from './key-record.ts';

/** One limit of a key, as it stands. */
export interface LimitState {
  limit: number;
  remaining: number;
  /** Seconds until the whole limit is there again. */
  resetSeconds: number;
  exceeded: boolean;
}

const MINUTE = 60;

/**
 * Requests and tokens per key and minute, counted in memory in windows that begin with the first request. Tokens are
 * known only after an answer: a key that has any left is let in, and what it used beyond its limit is simply gone.
 */
export class RateLimits {
  #requests = new Map<string, RateLimiterMemory>();
  #tokens = new Map<string, RateLimiterMemory>();

  /** Counts a request; nothing is counted against a key that is refused for its tokens. */
  async request(key: KeyRecord): Promise<{ requests?: LimitState; tokens?: LimitState }> {
    const states: { requests?: LimitState; tokens?: LimitState } = {};
    const { requestsPerMinute, tokensPerMinute } = key;
    if (tokensPerMinute !== undefined) {
      const used = await limiter(this.#tokens, key.id, tokensPerMinute).get(key.id);
      states.tokens = state(used, tokensPerMinute, (consumed) => consumed >= tokensPerMinute);
    }
    if (requestsPerMinute !== undefined) {
      const requests = limiter(this.#requests, key.id, requestsPerMinute);
      const used = states.tokens?.exceeded
        ? await requests.get(key.id)
        : await requests.consume(key.id).catch((refused: RateLimiterRes) => refused);
      states.requests = state(used, requestsPerMinute, (consumed) => consumed > requestsPerMinute);
    }
    return states;
  }

  /** Charges the tokens of an answer, prompt included. */
  charge(key: KeyRecord, tokens: number): void {
    if (key.tokensPerMinute === undefined || tokens <= 0) return;
    // Counts before it returns; its promise only carries the sum, which nobody needs here.
    void limiter(this.#tokens, key.id, key.tokensPerMinute).penalty(key.id, tokens);
  }
}

/** A limit that was changed begins anew. */
function limiter(all: Map<string, RateLimiterMemory>, id: string, points: number): RateLimiterMemory {
  const known = all.get(id);
  if (known?.points === points) return known;
  const made = new RateLimiterMemory({ points, duration: MINUTE });
  all.set(id, made);
  return made;
}

function state(
  used: RateLimiterRes | null,
  limit: number,
  exceeds: (consumed: number) => boolean,
): LimitState {
  // A window whose time is over may still be there for a moment.
  const consumed = used && used.msBeforeNext > 0 ? used.consumedPoints : 0;
  return {
    limit,
    remaining: Math.max(0, limit - consumed),
    resetSeconds: consumed === 0 ? 0 : Math.ceil(used!.msBeforeNext / 1000),
    exceeded: exceeds(consumed),
  };
}
