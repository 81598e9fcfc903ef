import { randomBytes } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { ApiError } from '../api/api-error.ts';
import type { RouteTools } from '../api/route-tools.ts';
import type { Access } from '../keys/access.ts';
import { isFromThisMachine } from '../listen/from-this-machine.ts';
import type { AnswerFigures } from './answer-figures.ts';
import { failureFacts } from './failure.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';

/** What an operator sees of a server: its log, its metrics, whether it is ready. Nothing in it tells who asked what. */
export class Operations {
  readonly access: Access;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  #log: RouteTools['log'];
  #ids = new WeakMap<Request, string>();

  constructor(parts: { access: Access; metrics: Metrics; readiness: Readiness; log: RouteTools['log'] }) {
    this.access = parts.access;
    this.metrics = parts.metrics;
    this.readiness = parts.readiness;
    this.#log = parts.log;
  }

  /**
   * Gives each request an id (`x-request-id` of the answer; one that a client sends could be anybody's name, so it is
   * not taken over), and counts and logs it by route and status.
   */
  watch(): MiddlewareHandler {
    return async (context, next) => {
      const began = performance.now();
      const requestId = `req-${randomBytes(9).toString('base64url')}`;
      this.#ids.set(context.req.raw, requestId);
      await next();
      const route = routeOf(context);
      const { status } = context.res;
      context.res.headers.set('x-request-id', requestId);
      this.metrics.countRequest(route, status);
      // For a stream, this is when it begins; its end is the line of its answer.
      this.#log.info(
        { requestId, method: context.req.method, route, status, ms: Math.round(performance.now() - began) },
        'request',
      );
    };
  }

  /** Call once when an answer has ended, however it did: charges the key, counts, logs. */
  answered(context: Context, figures: AnswerFigures): void {
    this.metrics.countAnswer(figures);
    this.#log.info({ requestId: this.#ids.get(context.req.raw), ...rounded(figures) }, 'answer');
    this.access.charge(context, figures.promptTokens + figures.completionTokens);
  }

  /** Call once when a request ends in an error. */
  failed(context: Context, error: ApiError): void {
    const facts = failureFacts(error);
    if (!facts) return;
    const requestId = this.#ids.get(context.req.raw);
    this.#log.error({ requestId, route: routeOf(context), ...facts }, 'request failed');
  }

  /** `GET /health`: the process lives and its event loop turns. */
  health(context: Context): Response {
    return context.json({ status: 'ok' });
  }

  /** `GET /ready`: 200, or 503 with the reason. */
  ready(context: Context): Response {
    const { reason } = this.readiness;
    if (reason === undefined) return context.json({ status: 'ready' });
    context.header('Retry-After', '2');
    return context.json({ status: 'not_ready', reason }, 503);
  }

  /** Where keys are asked for, the metrics ask for one too; else they are for programs of this machine. */
  requireMetrics(): MiddlewareHandler {
    const withKey = this.access.requireKey('metrics');
    return async (context, next) => {
      // A proxy on this machine that adds no header of its own looks like this machine.
      if (this.access.needsKey) return withKey(context, next);
      if (isFromThisMachine(context)) return next();
      throw new ApiError({
        status: 403,
        code: 'metrics_local_only',
        message:
          'The metrics are for this machine alone; start the server with keys, and ask with one that has the scope metrics.',
      });
    };
  }

  /** `GET /metrics`, in Prometheus' text format. */
  async scrape(context: Context): Promise<Response> {
    const { body, contentType } = await this.metrics.text();
    return context.body(body, 200, { 'Content-Type': contentType });
  }
}

/** The pattern that was registered. Whatever matches none of its own, pages and mistakes, is one route. */
function routeOf(context: Context): string {
  const path = routePath(context);
  return path === '*' || path === '/*' || path === '' ? 'other' : path;
}

function rounded(figures: AnswerFigures): Record<string, string | number> {
  const entries = Object.entries(figures).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'number' ? Number(value.toFixed(1)) : value]),
  );
}
