import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import { LucieError } from '@lucie/ledger';
import type { Hono } from 'hono';
import type { ActiveGenerations } from '../api/active-generations.ts';
import { ApiError, toApiError } from '../api/api-error.ts';
import type { Readiness } from '../operate/readiness.ts';

export interface ListenOptions {
  /** 0 takes any free port. */
  port: number;
  /** Default 127.0.0.1: this machine only. */
  host?: string;
}

export interface Listening {
  /** e.g. `http://127.0.0.1:8080` */
  url: string;
  /**
   * Stops: no new request, answers being written get `graceMs` (default 2,000) to end, then they are cancelled.
   * Resolves when the engine is still and the port is free; calling it again waits for the same end.
   */
  close(graceMs?: number): Promise<void>;
}

/**
 * Serves `app` on a port.
 * @throws LucieError `PORT_IN_USE`, `PORT_FORBIDDEN`, `HOST_UNKNOWN`
 */
export async function listen(
  app: Hono,
  state: { active: ActiveGenerations; readiness: Readiness; close: () => Promise<void> },
  where: ListenOptions,
): Promise<Listening> {
  const { port, host = '127.0.0.1' } = where;
  const server = createServer(getRequestListener(app.fetch, { errorHandler: refusal }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${name}:${address.port}`,
    close(graceMs = 2000) {
      closed ??= (async () => {
        // The port stays open meanwhile, so that who asks now hears that the server stops.
        state.readiness.stop();
        await state.active.stop(graceMs);
        await state.close();
        const portFree = new Promise<void>((resolve) => server.close(() => resolve()));
        // What is left has nothing to do with the engine: idle connections, half-sent requests.
        server.closeIdleConnections();
        const timer = setTimeout(() => server.closeAllConnections(), 500);
        await portFree;
        clearTimeout(timer);
      })();
      return closed;
    },
  };
}

/** What could not even become a request of the app: a Host header that is none, say. */
function refusal(thrown: unknown): Response {
  const error =
    thrown instanceof RequestError
      ? new ApiError({
          status: 400,
          code: 'invalid_request',
          message:
            'The request names no address that can be read; expected a path, and a Host header with a host name.',
        })
      : toApiError(thrown);
  return Response.json(error.body(), { status: error.status });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new LucieError({
      code: 'PORT_IN_USE',
      found: `another program on port ${port} of ${host}`,
      expected: 'a free port',
      todo: `choose another one, for instance --port ${port < 65535 ? port + 1 : 8080}`,
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return new LucieError({
      code: 'PORT_FORBIDDEN',
      found: `no permission for port ${port}`,
      expected: 'a port that this account may open',
      todo: 'choose one above 1023, for instance --port 8080',
      cause: error,
    });
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') {
    return new LucieError({
      code: 'HOST_UNKNOWN',
      found: `the address ${host}, which is not one of this machine`,
      expected: '127.0.0.1 (this machine only) or 0.0.0.0 (the local network)',
      todo: 'choose one of these with --host',
      cause: error,
    });
  }
  return error;
}
