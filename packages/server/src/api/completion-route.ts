import type { Context } from 'hono';
import { answer } from './answer.ts';
import { readBody } from './request-body.ts';
import { completionRequest } from './request-shapes.ts';
import type { RouteTools } from './route-tools.ts';
import { completionWording } from './wording.ts';

/** OpenAI's default for this endpoint. */
const DEFAULT_MAX_TOKENS = 16;

/** `POST /v1/completions`: the model goes on with plain text, without its chat template. */
export async function completionRoute(context: Context, tools: RouteTools): Promise<Response> {
  const body = await readBody(context, completionRequest);
  return answer(context, tools, {
    body,
    texts: [body.prompt],
    prompt: (engine) => engine.tokenize(body.prompt, { addSpecial: true }),
    wanted: {
      maxTokens: body.max_tokens ?? DEFAULT_MAX_TOKENS,
      topLogprobs: typeof body.logprobs === 'number' ? body.logprobs : undefined,
      param: 'prompt',
    },
    wording: completionWording,
  });
}
