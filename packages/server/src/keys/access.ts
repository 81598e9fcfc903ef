import { isLucieError, type silentLogger } from '@lucie/ledger';
import type { Context, MiddlewareHandler } from 'hono';
import { ApiError } from '../api/api-error.ts';
import { isApiKey } from './api-key.ts';
import { type KeyRecord, keyState, type Scope } from './key-record.ts';
import type { KeyStore } from './key-store.ts';
import { type LimitState, RateLimits } from './rate-limits.ts';
import type { TokenBudget } from './token-budget.ts';

/** Which key each request came with, for what happens later in it. */
const keyOf = new WeakMap<Request, KeyRecord>();
/** What each request has set aside. */
const aside = new WeakMap<Request, { budget: TokenBudget; tokens: number }>();

/** The door of a server: who may come in, where, and how often. */
export class Access {
  #store: KeyStore | undefined;
  #limits = new RateLimits();

  #log: typeof silentLogger;

  /** @param store - absent: no key is asked for, and no limit holds */
  constructor(store: KeyStore | undefined, log: typeof silentLogger) {
    this.#store = store;
    this.#log = log;
  }

  /** False while the file of keys is damaged: then nobody is let in. */
  get readable(): boolean {
    try {
      this.#store?.list();
      return true;
    } catch (error) {
      this.#log.error(
        { path: this.#store!.path, code: isLucieError(error) ? error.code : 'internal_error' },
        'the keys cannot be read',
      );
      return false;
    }
  }

  get needsKey(): boolean {
    return this.#store !== undefined;
  }

  /**
   * Lets a request in that carries a usable key with this scope (`Authorization: Bearer …`), and counts it.
   * The handler throws ApiError 401 `invalid_api_key`, 403 `scope_missing`, 429 `rate_limit_exceeded`,
   * 503 `keys_unreadable`.
   */
  requireKey(scope: Scope): MiddlewareHandler {
    return async (context, next) => {
      const requests = this.#store ? await this.#enter(context, scope, this.#store) : [];
      await next();
      // Afterwards, since a route may answer with a response of its own, and to tell what it left of the tokens.
      for (const [name, value] of [...requests, ...this.#tokenHeaders(context)])
        context.res.headers.set(name, value);
    };
  }

  /** The only models that the request's key opens; undefined: all of them. */
  modelsOf(context: Context): readonly string[] | undefined {
    return keyOf.get(context.req.raw)?.models;
  }

  /** The handle of the request's key. */
  keyId(context: Context): string | undefined {
    return keyOf.get(context.req.raw)?.id;
  }

  /**
   * Whether the request's key opens a room with documents: the key that made it does, and each that was made for it
   * (`--models room:…`). No other, since a key for models says nothing about whose documents may be read. Without keys
   * every room is open.
   */
  opensRoom(context: Context, room: { model: string; owner: string | null }): boolean {
    if (!this.#store) return true;
    const key = keyOf.get(context.req.raw);
    return key !== undefined && (key.id === room.owner || key.models?.includes(room.model) === true);
  }

  /**
   * A room belongs to the key that names it: whoever holds another key neither takes its turns nor finds out, by what
   * was known of a prompt already, what was asked in it.
   */
  roomOf(context: Context, named: string | null | undefined): string | undefined {
    const key = keyOf.get(context.req.raw);
    return key ? `${key.id}/${named ?? ''}` : (named ?? undefined);
  }

  /**
   * Sets aside the most tokens that a request may take, prompt included. Call `charge` at its end, however it ends.
   * @throws ApiError 429 `rate_limit_exceeded`
   */
  setAside(context: Context, tokens: number): void {
    const key = keyOf.get(context.req.raw);
    const budget = key && this.#limits.tokens(key);
    if (!budget) return;
    if (!budget.setAside(tokens)) {
      const seconds = Math.max(1, budget.secondsUntil(tokens));
      context.header('Retry-After', String(seconds));
      throw exceeded(
        `This key has ${Math.max(0, budget.left)} tokens left of ${budget.perMinute} a minute and this request may take ${tokens}, answer included; ask again in ${seconds} s, or for a shorter answer (max_tokens).`,
      );
    }
    aside.set(context.req.raw, { budget, tokens });
  }

  /** Charges the tokens that were taken, prompt included, and gives back what else was set aside. */
  charge(context: Context, tokens: number): void {
    const held = aside.get(context.req.raw);
    if (!held) return;
    aside.delete(context.req.raw);
    held.budget.giveBack(held.tokens - tokens);
  }

  /** @returns the headers that tell the key's limit of requests */
  async #enter(context: Context, scope: Scope, store: KeyStore): Promise<[string, string][]> {
    if (!this.readable) {
      throw new ApiError({
        status: 503,
        code: 'keys_unreadable',
        message: 'This server cannot read its list of keys just now; tell whoever looks after it.',
      });
    }
    const key = usable(bearer(context), store);
    if (!key.scopes.includes(scope)) {
      throw new ApiError({
        status: 403,
        code: 'scope_missing',
        message: `This key is for ${key.scopes.join(', ')}; this address needs a key with the scope ${scope}.`,
      });
    }
    keyOf.set(context.req.raw, key);
    const requests = await this.#limits.request(key);
    if (!requests) return [];
    const headers = describe('requests', requests);
    if (!requests.exceeded) return headers;
    const seconds = Math.max(1, requests.resetSeconds);
    for (const [name, value] of headers) context.header(name, value);
    context.header('Retry-After', String(seconds));
    throw exceeded(`This key has used its requests of this minute; ask again in ${seconds} s.`);
  }

  #tokenHeaders(context: Context): [string, string][] {
    const key = keyOf.get(context.req.raw);
    const budget = key && this.#limits.tokens(key);
    if (!budget) return [];
    const { perMinute, left } = budget;
    return describe('tokens', {
      limit: perMinute,
      remaining: Math.max(0, left),
      resetSeconds: budget.secondsUntil(perMinute),
    });
  }
}

function exceeded(message: string): ApiError {
  return new ApiError({ status: 429, code: 'rate_limit_exceeded', message });
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
function describe(what: 'requests' | 'tokens', state: LimitState): [string, string][] {
  return [
    [`x-ratelimit-limit-${what}`, String(state.limit)],
    [`x-ratelimit-remaining-${what}`, String(state.remaining)],
    [`x-ratelimit-reset-${what}`, `${state.resetSeconds}s`],
  ];
}
