import type { Context } from 'hono';
import { toApiError } from './api-error.ts';
import type { ChatModel, ServedModel } from './chat-model.ts';
import { cancelled } from './choices.ts';
import type { RouteTools } from './route-tools.ts';

/** What a route may do while it holds a model. */
export interface Held {
  model: ServedModel;
  engine: ChatModel;
  /** Fires when the client leaves, and when a stopping server waits no longer. */
  signal: AbortSignal;
}

/**
 * Answers with what `work` makes of a model that it holds meanwhile: a request like an answer, counted among those at
 * work and ended by the server's stop.
 * @param param - the field that an error of the engine is about
 */
export async function withModel(
  context: Context,
  tools: RouteTools,
  asked: { model: string; param?: string },
  work: (held: Held) => object | Promise<object>,
): Promise<Response> {
  const model = tools.models.get(asked.model, tools.allowed(context));
  using held = new DisposableStack();
  const { signal } = held.use(tools.active.begin(context.req.raw.signal));
  try {
    const { engine } = held.use(await model.use(signal));
    return context.json(await work({ model, engine, signal }));
  } catch (error) {
    throw signal.aborted ? cancelled() : toApiError(error, asked.param);
  } finally {
    tools.notAnswered(context);
  }
}
