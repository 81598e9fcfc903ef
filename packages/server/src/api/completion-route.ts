import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { answer } from './answer.ts';
import { prepareGeneration } from './generation.ts';
import { readBody } from './request-body.ts';
import { completionRequest } from './request-shapes.ts';
import type { RouteTools } from './route-tools.ts';

/** OpenAI's default for this endpoint. */
const DEFAULT_MAX_TOKENS = 16;

/** `POST /v1/completions`: the model goes on with plain text, without its chat template. */
export async function completionRoute(context: Context, tools: RouteTools): Promise<Response> {
  const body = await readBody(context, completionRequest);
  const model = tools.models.get(body.model);
  const tokens = model.engine.tokenize(body.prompt, { addSpecial: true });
  const maxTokens = body.max_tokens ?? DEFAULT_MAX_TOKENS;
  const events = prepareGeneration(model, tokens, { ...body, maxTokens, param: 'prompt' });
  const choice = (text: string, finishReason: string | null) => ({
    text,
    index: 0,
    logprobs: null,
    finish_reason: finishReason,
  });
  return answer(context, events, {
    active: tools.active,
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
    done: (usage) => tools.log.info({ model: model.name, usage }, 'completion'),
    shape: {
      head: {
        id: `cmpl-${randomBytes(12).toString('hex')}`,
        created: Math.floor(Date.now() / 1000),
        model: model.name,
      },
      chunkObject: 'text_completion',
      wholeObject: 'text_completion',
      opening: [],
      textChoice: (text) => choice(text, null),
      endChoice: (finishReason) => choice('', finishReason),
      wholeChoice: choice,
    },
  });
}
