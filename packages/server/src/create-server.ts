import { silentLogger } from '@lucie/ledger';
import { Hono } from 'hono';
import { ActiveGenerations } from './api/active-generations.ts';
import { ApiError, toApiError } from './api/api-error.ts';
import type { ServedModel } from './api/chat-model.ts';
import { sendEventStreams } from './api/event-response.ts';
import { ModelList } from './api/model-list.ts';
import type { RouteTools } from './api/route-tools.ts';
import { mountApi } from './api/routes.ts';
import { sameSiteOnly, securityHeaders } from './listen/guard.ts';
import { type Listening, type ListenOptions, listen } from './listen/listen.ts';
import { readRunReport } from './page/run-report.ts';
import { evaluationPage, pageFile, releasePaper } from './page/static-files.ts';

export interface ServerOptions {
  models: ServedModel[];
  /** `runs/<recipe>`: for the page's curves and facts, and the release's papers. */
  runDir?: string;
  /** The built page, as `buildWeb()` of `@lucie/web` leaves it. */
  webDir?: string;
  /** Names other than localhost and IP addresses under which browsers may reach this server. */
  allowedHosts?: string[];
  /** Most answers at work or waiting. Default 256; the engine decides how many of them are at work. */
  maxActive?: number;
  log?: RouteTools['log'];
}

export interface LucieServer {
  /** Answers requests in-process: `await server.app.request('/v1/models')`. */
  app: Hono;
  listen(options: ListenOptions): Promise<Listening>;
}

/**
 * The HTTP API (OpenAI's shapes) and the page around it. No password: it trusts programs on this machine and its own
 * page, and refuses every other web site.
 */
export function createServer(options: ServerOptions): LucieServer {
  const { runDir, webDir } = options;
  const tools: RouteTools = {
    models: new ModelList(options.models),
    active: new ActiveGenerations(options.maxActive ?? 256),
    log: options.log ?? silentLogger,
    requireModel: () => {},
    answered: (_context, figures) => tools.log.info(figures, 'answer'),
  };
  const app = new Hono();
  // First, so that it sends what all others have made of an answer's head.
  app.use(sendEventStreams);
  app.use(securityHeaders);
  app.use(sameSiteOnly(options.allowedHosts ?? []));

  app.get('/health', (context) => context.json({ status: 'ok', models: tools.models.names }));
  mountApi(app, tools);
  app.get('/api/run', async (context) => context.json({ run: runDir ? await readRunReport(runDir) : null }));
  if (runDir) {
    app.get('/evaluation', () => evaluationPage(`${runDir}/06-evaluation`));
    app.get('/release/:name', (context) => releasePaper(`${runDir}/07-release`, context.req.param('name')));
  }
  app.get('*', (context) => {
    if (webDir && !context.req.path.startsWith('/v1/')) return pageFile(webDir, context.req.path);
    return context.notFound();
  });
  app.notFound((context) => {
    const error = new ApiError({
      status: 404,
      code: 'not_found',
      message: `Nothing is served at ${context.req.method} ${context.req.path.slice(0, 200)}; the page is at / and the API at /v1.`,
    });
    return context.json(error.body(), error.status);
  });
  app.onError((thrown, context) => {
    const error = toApiError(thrown);
    // The name alone: an error's text may quote what somebody wrote.
    if (error.status >= 500 && error.code !== 'cancelled') {
      tools.log.error(
        { code: error.code, name: (error.cause instanceof Error ? error.cause : thrown).name },
        'request failed',
      );
    }
    if (error.status === 429) context.header('Retry-After', '3');
    return context.json(error.body(), error.status);
  });
  return { app, listen: (where) => listen(app, tools.active, where) };
}
