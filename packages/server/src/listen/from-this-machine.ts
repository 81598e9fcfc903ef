import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';

/**
 * Whether a request was sent by a program of this machine. One that a proxy on this machine passes on comes from
 * elsewhere, and says so in one of the headers that proxies add.
 */
export function isFromThisMachine(context: Context): boolean {
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];
  if (forwarded.some((name) => context.req.header(name) !== undefined)) return false;
  const incoming = (context.env as { incoming?: IncomingMessage } | undefined)?.incoming;
  // Without a connection the request was made by this very process (`app.request`).
  return incoming === undefined || isLoopbackAddress(incoming.socket.remoteAddress ?? '');
}

/** `127.0.0.0/8` and `::1`, also as IPv6 writes IPv4. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address);
}

/** Whether listening there lets in this machine alone. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host);
}
