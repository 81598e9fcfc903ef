import type { Context, MiddlewareHandler } from 'hono';
import { ApiError } from '../api/api-error.ts';
import { isApiKey } from './api-key.ts';
import { type KeyRecord, keyState, type Scope } from './key-record.ts';
import type { KeyStore } from './key-store.ts';
import { type LimitState, RateLimits } from './rate-limits.ts';

/** Which key each request came with, for what happens later in it. */
const keyOf = new WeakMap<Request, KeyRecord>();

/** The door of a server: who may come in, where, and how often. */
export class Access {
  #store: KeyStore | undefined;
  #limits = new RateLimits();

  /** @param store - absent: no key is asked for, and no limit holds */
  constructor(store?: KeyStore) {
    this.#store = store;
  }

  get needsKey(): boolean {
    return this.#store !== undefined;
  }

  /**
   * Lets a request in that carries a usable key with this scope (`Authorization: Bearer …`), and counts it.
   * The handler throws ApiError 401 `invalid_api_key`, 403 `scope_missing`, 429 `rate_limit_exceeded`.
   */
  requireKey(scope: Scope): MiddlewareHandler {
    return async (context, next) => {
      const headers = this.#store ? await this.#enter(context, scope, this.#store) : [];
      await next();
      // Afterwards, since a route may answer with a response of its own.
      for (const [name, value] of headers) context.res.headers.set(name, value);
    };
  }

  /** @throws ApiError 403 `model_not_allowed` when the request's key is for other models */
  requireModel(context: Context, model: string): void {
    const allowed = keyOf.get(context.req.raw)?.models;
    if (!allowed || allowed.includes(model)) return;
    throw new ApiError({
      status: 403,
      code: 'model_not_allowed',
      param: 'model',
      message: `This key is for ${allowed.join(', ')}; ask for one of these, or ask the operator for a key for this model.`,
    });
  }

  /** Charges tokens, prompt included, to the request's key. */
  charge(context: Context, tokens: number): void {
    const key = keyOf.get(context.req.raw);
    if (key) this.#limits.charge(key, tokens);
  }

  /** @returns the headers that tell the key's limits */
  async #enter(context: Context, scope: Scope, store: KeyStore): Promise<[string, string][]> {
    const key = usable(bearer(context), store);
    if (!key.scopes.includes(scope)) {
      throw new ApiError({
        status: 403,
        code: 'scope_missing',
        message: `This key is for ${key.scopes.join(', ')}; this address needs a key with the scope ${scope}.`,
      });
    }
    keyOf.set(context.req.raw, key);
    const { requests, tokens } = await this.#limits.request(key);
    const headers = [...describe('requests', requests), ...describe('tokens', tokens)];
    const over = [requests, tokens].filter((limit) => limit?.exceeded === true);
    if (over.length === 0) return headers;
    const seconds = Math.max(1, ...over.map((limit) => limit!.resetSeconds));
    for (const [name, value] of headers) context.header(name, value);
    context.header('Retry-After', String(seconds));
    throw new ApiError({
      status: 429,
      code: 'rate_limit_exceeded',
      message: `This key has used its ${over[0] === requests ? 'requests' : 'tokens'} of this minute; ask again in ${seconds} s.`,
    });
  }
}

function bearer(context: Context): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(context.req.header('authorization') ?? '')?.[1];
}

/** The sentences name the reason only to who has held the key: that says nothing to others. */
function usable(key: string | undefined, store: KeyStore): KeyRecord {
  if (key === undefined) throw refused('No key was sent; send one as "Authorization: Bearer lucie-sk-…".');
  if (!isApiKey(key)) throw refused('This is not a whole key of this server; copy it again, all of it.');
  const record = store.find(key);
  if (!record) throw refused('This key is not known here; ask the operator for another.');
  const state = keyState(record, Date.now());
  if (state !== 'usable') throw refused(`This key is ${state}; ask the operator for another.`);
  return record;
}

function refused(message: string): ApiError {
  return new ApiError({ status: 401, code: 'invalid_api_key', message });
}

/** OpenAI's header names. */
function describe(what: 'requests' | 'tokens', state: LimitState | undefined): [string, string][] {
  if (!state) return [];
  return [
    [`x-ratelimit-limit-${what}`, String(state.limit)],
    [`x-ratelimit-remaining-${what}`, String(state.remaining)],
    [`x-ratelimit-reset-${what}`, `${state.resetSeconds}s`],
  ];
}
