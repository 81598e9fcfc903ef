import { silentLogger } from '@lucie/ledger';
import { Hono } from 'hono';
import { ActiveGenerations } from './api/active-generations.ts';
import { ApiError, toApiError } from './api/api-error.ts';
import type { ServedModel } from './api/chat-model.ts';
import { chatRoute } from './api/chat-route.ts';
import { completionRoute } from './api/completion-route.ts';
import { ModelList } from './api/model-list.ts';
import type { RouteTools } from './api/route-tools.ts';
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
  /** Most answers at work or waiting. Default 16. */
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
    active: new ActiveGenerations(options.maxActive ?? 16),
    log: options.log ?? silentLogger,
  };
  const app = new Hono();
  app.use(securityHeaders);
  app.use(sameSiteOnly(options.allowedHosts ?? []));

  app.get('/health', (context) => context.json({ status: 'ok', models: tools.models.names }));
  app.get('/v1/models', (context) =>
    context.json({ object: 'list', data: tools.models.names.map((name) => tools.models.describe(name)) }),
  );
  app.get('/v1/models/:name{.+}', (context) =>
    context.json(tools.models.describe(context.req.param('name'))),
  );
  app.post('/v1/chat/completions', (context) => chatRoute(context, tools));
  app.post('/v1/completions', (context) => completionRoute(context, tools));
  app.get('/api/run', async (context) => context.json({ run: runDir ? await readRunReport(runDir) : null }));
  if (runDir) {
    app.get('/evaluation', () => evaluationPage(`${runDir}/06-evaluation`));
    app.get('/release/:name', (context) => releasePaper(`${runDir}/07-release`, context.req.param('name')));
  }
  for (const path of ['/v1/chat/completions', '/v1/completions']) {
    app.all(path, (context) => {
      context.header('Allow', 'POST');
      throw new ApiError({
        status: 405,
        code: 'method_not_allowed',
        message: `Found ${context.req.method} on ${path}; expected POST.`,
      });
    });
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
      tools.log.error({ code: error.code, name: thrown.name }, 'request failed');
    }
    if (error.status === 429) context.header('Retry-After', '3');
    return context.json(error.body(), error.status);
  });
  return { app, listen: (where) => listen(app, tools.active, where) };
}
