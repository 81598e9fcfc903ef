import type { Context } from 'hono';
import { chatWithRoom } from '../rooms/chat-with-room.ts';
import { roomOfModel } from '../rooms/room-id.ts';
import { answer } from './answer.ts';
import type { AnswerGrammar } from './chat-model.ts';
import { readBody } from './request-body.ts';
import { type ChatRequest, chatRequest } from './request-shapes.ts';
import type { RouteTools } from './route-tools.ts';
import { chatWording } from './wording.ts';

/** `POST /v1/chat/completions`: by a model, or by a room of documents. */
export async function chatRoute(context: Context, tools: RouteTools): Promise<Response> {
  const body = await readBody(context, chatRequest);
  const room = roomOfModel(body.model);
  if (room !== undefined) return chatWithRoom(context, tools, { room, body });
  return answer(context, tools, {
    body,
    texts: body.messages.map(({ content }) => content),
    prompt: (engine) => engine.chatPrompt(body.messages).tokens,
    wanted: {
      maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
      grammar: formatGrammar(body.response_format),
      topLogprobs: body.logprobs ? (body.top_logprobs ?? 0) : undefined,
      param: 'messages',
    },
    wording: chatWording,
  });
}

function formatGrammar(format: ChatRequest['response_format']): AnswerGrammar | undefined {
  if (format?.type === 'json_schema') return { schema: format.json_schema.schema };
  if (format?.type === 'json_object') return { schema: { type: 'object' } };
  return undefined;
}
