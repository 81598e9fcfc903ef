import { HubApiError, InvalidApiResponseFormatError } from '@huggingface/hub';
import { explainSystemError, isLucieError, LucieError } from '@lucie/ledger';
import type { HubRepo } from './hub-repo.ts';

const NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|SELF_SIGNED/;

/** An answer other than the one that was asked for. The address stays out of it: it may hold a signature. */
export class HubStatus extends Error {
  readonly statusCode: number;
  /** Milliseconds that the server asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(response: Response) {
    super(`an answer of status ${response.status}`);
    this.statusCode = response.status;
    // The hub itself says when its count begins anew: `RateLimit: "resolvers";r=0;t=55`.
    const reset = /;\s*t=(\d+)/.exec(response.headers.get('ratelimit') ?? '')?.[1];
    const asked = response.headers.get('retry-after') ?? (response.status === 429 ? reset : undefined);
    const seconds = Number(asked ?? Number.NaN);
    this.retryAfterMs = seconds >= 0 ? Math.min(seconds, 60) * 1000 : undefined;
  }
}

/** True where the same request may well succeed a moment later: a dropped connection, a busy or broken server. */
export function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return status >= 500 || status === 429 || status === 408;
  if (isLucieError(error)) return false;
  return (
    !(error instanceof InvalidApiResponseFormatError) &&
    !(error instanceof SyntaxError) &&
    !(error as NodeJS.ErrnoException)?.syscall
  );
}

/** What went wrong with the hub, in a sentence that can be acted on. The token is in none of them. */
export function hubError(error: unknown, repo: HubRepo): unknown {
  if (isLucieError(error)) return error;
  const make = (code: string, found: string, todo: string) =>
    new LucieError({
      code,
      found,
      expected: `the ${repo.type} ${repo.name} at ${repo.revision.slice(0, 12)} of the hub`,
      todo,
      cause: error,
    });
  const status = statusOf(error);
  if (status !== undefined) {
    const found = `an answer of status ${status}`;
    // The hub answers 401 where a name is wrong and nobody is signed in: it does not tell what exists.
    if (status === 401 || status === 403)
      return make(
        'HUB_ACCESS',
        found,
        `check the name; where it is right, accept the terms of the ${repo.type} on its page, and set HF_TOKEN to a token that may read it`,
      );
    if (status === 404)
      return make(
        'HUB_NOT_FOUND',
        found,
        `correct its name and revision; for a private ${repo.type} set HF_TOKEN`,
      );
    return make('HUB_UNAVAILABLE', found, 'call again later: what was fetched is kept');
  }
  if (error instanceof InvalidApiResponseFormatError || error instanceof SyntaxError)
    return make(
      'HUB_BAD_ANSWER',
      `an answer that is not of a hub (${error.message.slice(0, 120)})`,
      'check HF_ENDPOINT, and that no proxy or login page stands between',
    );
  const system = explainSystemError(error);
  if (isLucieError(system)) return system;
  const text = describe(error);
  if (NETWORK.test(text))
    return make('NO_NETWORK', text, 'connect to the network or set HF_ENDPOINT to a mirror, and call again');
  return make('HUB_UNAVAILABLE', text, 'call again: what was fetched is kept, and it goes on from there');
}

function statusOf(error: unknown): number | undefined {
  return error instanceof HubStatus || error instanceof HubApiError ? error.statusCode : undefined;
}

/** An error with its causes, in which fetch hides what happened. */
function describe(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at !== undefined && at !== null && parts.length < 4; ) {
    const { message, code, cause } = at as { message?: string; code?: string; cause?: unknown };
    parts.push([message, code].filter(Boolean).join(' ') || String(at));
    at = cause;
  }
  return parts.join(': ').replace(/\s+/g, ' ').slice(0, 300);
}
