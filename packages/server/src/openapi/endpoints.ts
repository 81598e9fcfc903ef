import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { chatRoute } from '../api/chat-route.ts';
import { completionRoute } from '../api/completion-route.ts';
import { embeddingRoute } from '../api/embedding-route.ts';
import {
  chatRequest,
  completionRequest,
  detokenizeRequest,
  embeddingRequest,
  tokenizeRequest,
  warmRequest,
} from '../api/request-shapes.ts';
import {
  chatChunk,
  chatResponse,
  completionResponse,
  detokenizeResponse,
  embeddingResponse,
  modelListResponse,
  modelObject,
  tokenizeResponse,
  warmResponse,
} from '../api/response-shapes.ts';
import type { RouteTools } from '../api/route-tools.ts';
import { detokenizeRoute, tokenizeRoute } from '../api/token-routes.ts';
import { warmRoute } from '../api/warm-route.ts';
import type { Scope } from '../keys/key-record.ts';
import { roomOfModel } from '../rooms/room-id.ts';
import { roomEndpoints } from './room-endpoints.ts';

/** One route of the API: what is served and what the document says of it, in one place. */
export interface Endpoint {
  method: 'get' | 'post' | 'delete';
  /** With parameters as OpenAPI writes them: `/v1/models/{model}`. */
  path: string;
  summary: string;
  /** What a key must be good for, where keys are asked for. */
  scope: Scope;
  /** The very shape that the handler checks the body against. */
  body?: z.ZodType;
  /** Takes a file in place of a body in JSON. */
  upload?: true;
  /** Absent for a route that gives a file. */
  answer?: z.ZodType;
  /** The `data:` of a stream, for bodies with `stream: true`. */
  chunk?: z.ZodType;
  handler: (context: Context, tools: RouteTools) => Response | Promise<Response>;
}

export const endpoints: readonly Endpoint[] = [
  {
    method: 'get',
    path: '/v1/models',
    scope: 'models',
    summary: 'The models served here, rooms of documents among them.',
    answer: modelListResponse,
    handler: async (context, { models, allowed, rooms }) =>
      context.json({
        object: 'list',
        data: [
          ...models.names(allowed(context)).map((name) => models.describe(name)),
          ...(await rooms.models(context)),
        ],
      }),
  },
  {
    method: 'get',
    path: '/v1/models/{model}',
    scope: 'models',
    summary: 'One model.',
    answer: modelObject,
    handler: async (context, { models, allowed, rooms }) => {
      const name = context.req.param('model') ?? '';
      const room = roomOfModel(name);
      return context.json(
        room === undefined ? models.describe(name, allowed(context)) : await rooms.describe(context, room),
      );
    },
  },
  {
    method: 'post',
    path: '/v1/chat/completions',
    scope: 'chat',
    summary: 'Answer a conversation; a room answers its last question with proof.',
    body: chatRequest,
    answer: chatResponse,
    chunk: chatChunk,
    handler: chatRoute,
  },
  {
    method: 'post',
    path: '/v1/completions',
    scope: 'chat',
    summary: 'Go on from a text, without a chat template.',
    body: completionRequest,
    answer: completionResponse,
    chunk: completionResponse,
    handler: completionRoute,
  },
  {
    method: 'post',
    path: '/v1/embeddings',
    scope: 'embeddings',
    summary: 'Vectors of length 1 for texts.',
    body: embeddingRequest,
    answer: embeddingResponse,
    handler: embeddingRoute,
  },
  {
    method: 'post',
    path: '/v1/tokenize',
    scope: 'tokenize',
    summary: 'The tokens of a text or of a conversation, and how many they are.',
    body: tokenizeRequest,
    answer: tokenizeResponse,
    handler: tokenizeRoute,
  },
  {
    method: 'post',
    path: '/v1/detokenize',
    scope: 'tokenize',
    summary: 'The text of tokens.',
    body: detokenizeRequest,
    answer: detokenizeResponse,
    handler: detokenizeRoute,
  },
  {
    method: 'post',
    path: '/v1/warm',
    scope: 'warm',
    summary: 'Read a course in advance, so that nobody who asks about it waits for that.',
    body: warmRequest,
    answer: warmResponse,
    handler: warmRoute,
  },
  ...roomEndpoints,
];

/** The path as hono matches it; a model's name may hold slashes. */
export function routingPath(path: string): string {
  return path.replace('{model}', ':model{.+}').replace(/\{(\w+)\}/g, ':$1');
}
