import type { Context } from 'hono';
import { readBody } from './request-body.ts';
import { detokenizeRequest, tokenizeRequest } from './request-shapes.ts';
import type { RouteTools } from './route-tools.ts';
import { withModel } from './with-model.ts';

/**
 * `POST /v1/tokenize`, in vLLM's shape: it names the model, counts, and takes a conversation too. It is a request of a
 * key's limit, and none of its tokens: the model reads nothing.
 */
export async function tokenizeRoute(context: Context, tools: RouteTools): Promise<Response> {
  const body = await readBody(context, tokenizeRequest);
  const param = typeof body.prompt === 'string' ? 'prompt' : 'messages';
  return withModel(context, tools, { model: body.model, param }, ({ engine }) => {
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
  return withModel(context, tools, { model: body.model, param: 'tokens' }, ({ engine }) => ({
    prompt: engine.detokenize(body.tokens, { special: true }),
    count: body.tokens.length,
  }));
}
