import type { Context } from 'hono';
import { ApiError } from '../api/api-error.ts';
import { readBody } from '../api/request-body.ts';
import type { RouteTools } from '../api/route-tools.ts';
import { hitObject } from './room-objects.ts';
import { roomParam } from './room-routes.ts';
import { searchRequest } from './room-shapes.ts';

/** `POST /v1/rooms/{room}/search`. */
export async function searchRoom(context: Context, { rooms }: RouteTools): Promise<Response> {
  const { question, limit, method } = await readBody(context, searchRequest);
  using use = await rooms.use(context, roomParam(context));
  if ((method === 'dense' || method === 'hybrid') && !rooms.store.embedder) {
    throw new ApiError({
      status: 400,
      code: 'search_by_words_only',
      param: 'method',
      message: 'Nothing makes vectors on this server, so it searches by words alone: leave out "method".',
    });
  }
  const hits = await use.open.room.search(question, {
    ...(limit ? { limit } : {}),
    ...(method ? { method } : {}),
    signal: AbortSignal.any([context.req.raw.signal, use.open.erased.signal]),
  });
  return context.json({ object: 'list', search: use.open.search, data: hits.map(hitObject) });
}
