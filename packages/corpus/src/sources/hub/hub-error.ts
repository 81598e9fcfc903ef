import { HubApiError, InvalidApiResponseFormatError } from '@huggingface/hub';
import { explainSystemError, isLucieError, LucieError } from '@lucie/ledger';
import type { HubSource } from './options.ts';

const NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|SELF_SIGNED/;

/** True where the same request may well succeed a moment later: a dropped connection, a busy or broken server. */
export function isTransient(error: unknown): boolean {
  if (error instanceof HubApiError) return error.statusCode >= 500 || error.statusCode === 429;
  if (isLucieError(error)) return false;
  return !(error instanceof InvalidApiResponseFormatError) && !(error as NodeJS.ErrnoException)?.syscall;
}

/** What went wrong with the hub, in a sentence that can be acted on. The token is in none of them. */
export function hubError(error: unknown, option: HubSource): unknown {
  if (isLucieError(error)) return error;
  const make = (code: string, found: string, todo: string) =>
    new LucieError({
      code,
      found,
      expected: `the dataset ${option.hub} at ${option.revision.slice(0, 12)} of the hub`,
      todo,
      cause: error,
    });
  if (error instanceof HubApiError) {
    const status = `an answer of status ${error.statusCode}`;
    if (error.statusCode === 401 || error.statusCode === 403)
      return make(
        'HUB_ACCESS',
        status,
        'accept the terms of the dataset on its page, and set HF_TOKEN to a token that may read it',
      );
    if (error.statusCode === 404)
      return make(
        'HUB_NOT_FOUND',
        status,
        'correct hub and revision in the recipe; for a private dataset set HF_TOKEN',
      );
    return make('HUB_UNAVAILABLE', status, 'call again later: what was fetched is kept');
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
