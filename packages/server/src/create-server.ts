import { silentLogger } from '@lucie/ledger';
import type { Embedder, Reader } from '@lucie/retrieval';
import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ActiveGenerations } from './api/active-generations.ts';
import { ApiError, toApiError } from './api/api-error.ts';
import type { ServedModel } from './api/chat-model.ts';
import { clientGone, isClientGone } from './api/client-gone.ts';
import { sendEventStreams } from './api/event-response.ts';
import { ModelList } from './api/model-list.ts';
import type { RouteTools } from './api/route-tools.ts';
import { mountApi } from './api/routes.ts';
import { Access } from './keys/access.ts';
import type { KeyStore } from './keys/key-store.ts';
import { allowOrigins } from './listen/cors.ts';
import { sameSiteOnly, securityHeaders } from './listen/guard.ts';
import { type Listening, type ListenOptions, listen } from './listen/listen.ts';
import { Metrics, type ModelState } from './operate/metrics.ts';
import { Operations } from './operate/operations.ts';
import { Readiness } from './operate/readiness.ts';
import { readRunReport } from './page/run-report.ts';
import { evaluationPage, pageFile, releasePaper } from './page/static-files.ts';
import type { Grounding } from './rooms/retrieval.ts';
import { RoomDesk } from './rooms/room-desk.ts';
import type { RoomLimits } from './rooms/room-limits.ts';
import { RoomStore } from './rooms/room-store.ts';

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
  /** Keys that open the API; absent: none is asked for. */
  keys?: KeyStore;
  /** Sites whose pages may call the API, e.g. `https://cours.example.org`. Default none. */
  allowedOrigins?: readonly string[];
  /** Where rooms are kept, each one SQLite file; absent: there are none. */
  roomsDir?: string;
  /** How much rooms may take; what is not named is as in `DEFAULT_ROOM_LIMITS`. */
  roomLimits?: Partial<RoomLimits> | undefined;
  /** Lets rooms search by meaning too. */
  embedder?: Embedder | undefined;
  /** Reads question and passage together, so that rooms choose and refuse better. */
  reader?: Reader | undefined;
  /** Rooms made of other parts, for tests. */
  grounding?: () => Promise<Grounding>;
  /** What the loaded models say of themselves, for the metrics. */
  modelStates?: () => readonly ModelState[];
  log?: RouteTools['log'];
}

export interface LucieServer {
  /** Answers requests in-process: `await server.app.request('/v1/models')`. */
  app: Hono;
  /** Tell it what is loading; `close` of what `listen` gives tells it the end. */
  readiness: Readiness;
  listen(options: ListenOptions): Promise<Listening>;
}

/**
 * The HTTP API (OpenAI's shapes) and the page around it. Without `keys` it trusts every program that reaches it; pages of
 * other web sites it refuses either way, unless they are among `allowedOrigins`.
 */
export function createServer(options: ServerOptions): LucieServer {
  const { runDir, webDir } = options;
  const log = options.log ?? silentLogger;
  const active = new ActiveGenerations(options.maxActive ?? 256);
  const access = new Access(options.keys, log);
  const readiness = new Readiness(active, access);
  const metrics = new Metrics(options.modelStates ?? (() => []));
  const operations = new Operations({ access, metrics, readiness, log });
  const models = new ModelList(options.models);
  const store =
    options.roomsDir === undefined
      ? undefined
      : new RoomStore({
          dir: options.roomsDir,
          embedder: options.embedder,
          reader: options.reader,
          limits: options.roomLimits,
          load: options.grounding,
          log,
        });
  const tools: RouteTools = {
    models,
    rooms: new RoomDesk(store, access, models),
    active,
    log,
    allowed: (context) => access.modelsOf(context),
    roomOf: (context, named) => access.roomOf(context, named),
    setAside: (context, tokens) => access.setAside(context, tokens),
    answered: (context, figures) => operations.answered(context, figures),
    notAnswered: (context) => access.charge(context, 0),
  };
  const origins = options.allowedOrigins ?? [];
  const app = new Hono();
  // First, so that it sends what all others have made of an answer's head.
  app.use(sendEventStreams);
  app.use(operations.watch());
  app.use(securityHeaders);
  app.use(sameSiteOnly(options.allowedHosts ?? [], origins));
  if (origins.length > 0) app.use('/v1/*', allowOrigins(origins));

  app.get('/health', (context) => operations.health(context));
  app.get('/ready', (context) => operations.ready(context));
  app.get('/metrics', operations.requireMetrics(), (context) => operations.scrape(context));
  mountApi(app, tools, access);
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
    return context.json(error.body(), 404);
  });
  app.onError((thrown, context) => {
    const error = isClientGone(context) ? clientGone() : toApiError(thrown);
    operations.failed(context, error);
    if (error.status === 401) context.header('WWW-Authenticate', 'Bearer');
    // A key's own limit knows when it ends.
    if ((error.status === 429 && error.code !== 'rate_limit_exceeded') || error.status === 503)
      context.header('Retry-After', '3');
    return context.json(error.body(), error.status as ContentfulStatusCode);
  });
  const close = async () => store?.close();
  return { app, readiness, listen: (where) => listen(app, { active, readiness, close }, where) };
}
