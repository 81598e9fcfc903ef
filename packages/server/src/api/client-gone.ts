import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'hono';
import { ApiError } from './api-error.ts';

/** Whether the client left before its answer, or amid its own upload: whatever failed then is no failure of ours. */
export function isClientGone(context: Context): boolean {
  if (context.req.raw.signal.aborted) return true;
  const { incoming, outgoing } = (context.env ?? {}) as {
    incoming?: IncomingMessage;
    outgoing?: ServerResponse;
  };
  // The body's own error may come before the connection's end is told.
  return incoming?.errored != null || outgoing?.destroyed === true;
}

/** Nobody reads it; it is what metrics and log say of such a request. 499 is the status that proxies log for it. */
export function clientGone(): ApiError {
  return new ApiError({ status: 499, code: 'client_gone', message: 'The client went away.' });
}
