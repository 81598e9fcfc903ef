import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { ApiError } from '../api/api-error.ts';

/** What every answer carries: nothing of the page may come from, or go to, another place. */
const SECURITY_HEADERS: Record<string, string> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/**
 * Sets the security headers on every answer, errors and streams too; a route's own, narrower policy stays. No answer of
 * the API stays in a browser, which the next pupil uses.
 */
export const securityHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  const { headers } = context.res;
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    if (!headers.has(name)) headers.set(name, value);
  if (context.req.path.startsWith('/v1/') && !headers.has('Cache-Control'))
    headers.set('Cache-Control', 'no-store');
};

/**
 * Keeps other web sites out of a server that has no password. A browser names the site that a request comes from
 * (`Origin`, `Sec-Fetch-Site`): it must be this very server. Against DNS rebinding, where a foreign name is made to
 * point here, the `Host` must be an IP address, `localhost`, or one of `allowedHosts`: an address cannot be rebound.
 * @param allowedOrigins - sites whose pages the operator lets in all the same, as browsers write them
 */
export function sameSiteOnly(
  allowedHosts: readonly string[],
  allowedOrigins: readonly string[] = [],
): MiddlewareHandler {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  return async (context, next) => {
    // The request's URL is made from its Host header.
    const { host, hostname } = new URL(context.req.url);
    if (!isSafeHost(hostname, allowed)) {
      throw new ApiError({
        status: 403,
        code: 'host_not_allowed',
        message: `Found the host name "${host.slice(0, 100)}"; expected localhost or an IP address: open the address that ./lucie serve printed.`,
      });
    }
    const origin = context.req.header('origin');
    if (origin !== undefined && allowedOrigins.includes(origin)) return next();
    const fromElsewhere = origin !== undefined && !isSameOrigin(origin, host);
    const site = context.req.header('sec-fetch-site');
    // A link on another page may lead here; a script on another page may not.
    const foreignScript =
      (site === 'cross-site' || site === 'same-site') && context.req.header('sec-fetch-mode') !== 'navigate';
    if (fromElsewhere || foreignScript) {
      throw new ApiError({
        status: 403,
        code: 'origin_not_allowed',
        message: `Found a request from another web site (${(origin ?? site)!.slice(0, 100)}); expected this server's own page or a program without a browser.`,
      });
    }
    await next();
  };
}

function isSafeHost(name: string, allowed: Set<string>): boolean {
  return (
    isIP(name.replace(/^\[|\]$/g, '')) !== 0 ||
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    allowed.has(name)
  );
}

function isSameOrigin(origin: string, host: string): boolean {
  const url = URL.parse(origin);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.host === host;
}
