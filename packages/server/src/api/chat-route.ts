import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { answer } from './answer.ts';
import { prepareGeneration } from './generation.ts';
import { readBody } from './request-body.ts';
import { chatRequest } from './request-shapes.ts';
import type { RouteTools } from './route-tools.ts';

/** `POST /v1/chat/completions`. */
export async function chatRoute(context: Context, tools: RouteTools): Promise<Response> {
  const body = await readBody(context, chatRequest);
  const model = tools.models.get(body.model);
  const { tokens } = model.engine.chatPrompt(body.messages);
  const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? undefined;
  const events = prepareGeneration(model, tokens, { ...body, maxTokens, param: 'messages' });
  const choice = (delta: object, finishReason: string | null) => ({
    index: 0,
    delta,
    logprobs: null,
    finish_reason: finishReason,
  });
  return answer(context, events, {
    active: tools.active,
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
    done: (usage) => tools.log.info({ model: model.name, usage }, 'chat'),
    shape: {
      head: {
        id: `chatcmpl-${randomBytes(12).toString('hex')}`,
        created: Math.floor(Date.now() / 1000),
        model: model.name,
      },
      chunkObject: 'chat.completion.chunk',
      wholeObject: 'chat.completion',
      opening: [choice({ role: 'assistant', content: '' }, null)],
      textChoice: (text) => choice({ content: text }, null),
      endChoice: (finishReason) => choice({}, finishReason),
      wholeChoice: (text, finishReason) => ({
        index: 0,
        message: { role: 'assistant', content: text, refusal: null },
        logprobs: null,
        finish_reason: finishReason,
      }),
    },
  });
}
