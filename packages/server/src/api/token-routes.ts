import type { Context } from 'hono';
import { toApiError } from './api-error.ts';
import type { ChatModel } from './chat-model.ts';
import { readBody } from './request-body.ts';
import { detokenizeRequest, tokenizeRequest } from './request-shapes.ts';
import type { RouteTools } from './route-tools.ts';

/** `POST /v1/tokenize`, in vLLM's shape: it names the model, counts, and takes a conversation too. */
export async function tokenizeRoute(context: Context, tools: RouteTools): Promise<Response> {
  const body = await readBody(context, tokenizeRequest);
  return withModel(context, tools, body.model, (engine) => {
    const tokens = Array.from(
      typeof body.prompt === 'string'
        ? engine.tokenize(body.prompt, { addSpecial: body.add_special_tokens ?? true })
        : engine.chatPrompt(body.messages!, { addGenerationPrompt: body.add_generation_prompt ?? true })
            .tokens,
    );
    return {
      count: tokens.length,
      max_model_len: engine.contextSize,
      tokens,
      token_strs: body.return_token_strs
        ? tokens.map((token) => engine.detokenize([token], { special: true }))
        : null,
    };
  });
}

/** `POST /v1/detokenize`, in vLLM's shape. Control tokens are written as their text. */
export async function detokenizeRoute(context: Context, tools: RouteTools): Promise<Response> {
  const body = await readBody(context, detokenizeRequest);
  return withModel(context, tools, body.model, (engine) => ({
    prompt: engine.detokenize(body.tokens, { special: true }),
    count: body.tokens.length,
  }));
}

async function withModel(
  context: Context,
  tools: RouteTools,
  name: string,
  work: (engine: ChatModel) => object,
): Promise<Response> {
  const model = tools.models.get(name);
  tools.requireModel(context, model.name);
  try {
    using held = await model.use(context.req.raw.signal);
    return context.json(work(held.engine));
  } catch (error) {
    throw toApiError(error);
  }
}
