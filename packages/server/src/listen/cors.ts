import { LucieError } from '@lucie/ledger';
import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

/**
 * An origin as browsers write it, from what an operator wrote.
 * @throws LucieError `ORIGIN_INVALID` (exit code 2): not http or https, a path, a wildcard
 */
export function parseOrigin(text: string): string {
  const url = URL.parse(text);
  const plain = url && /^https?:$/.test(url.protocol) && !url.username && !url.hostname.includes('*');
  if (plain && url.pathname === '/' && url.search === '' && url.hash === '') return url.origin;
  throw new LucieError({
    code: 'ORIGIN_INVALID',
    found: `--allow-origin ${text}`,
    expected: 'the address of one site, without a path or *',
    todo: 'write, for example, --allow-origin https://cours.example.org',
    exitCode: 2,
  });
}

/** Lets the pages of these sites call the API; to all others it stays closed, as it is without this. */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  return cors({
    origin: [...origins],
    // Whatever headers such a page asks to send are allowed: OpenAI's client sends some ten of its own.
    allowMethods: ['GET', 'POST', 'DELETE'],
    exposeHeaders: [
      'Retry-After',
      'x-queue-place',
      'x-request-id',
      'x-ratelimit-limit-requests',
      'x-ratelimit-remaining-requests',
      'x-ratelimit-reset-requests',
      'x-ratelimit-limit-tokens',
      'x-ratelimit-remaining-tokens',
      'x-ratelimit-reset-tokens',
    ],
    maxAge: 600,
  });
}
