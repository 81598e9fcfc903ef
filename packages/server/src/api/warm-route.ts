import type { Context } from 'hono';
import { warmCourse } from '../warm-course.ts';
import { readBody } from './request-body.ts';
import { warmRequest } from './request-shapes.ts';
import type { RouteTools } from './route-tools.ts';
import { withModel } from './with-model.ts';

/** `POST /v1/warm`: what `--warm` does, for a teacher's tool. Charged to the key as a prompt is. */
export async function warmRoute(context: Context, tools: RouteTools): Promise<Response> {
  const body = await readBody(context, warmRequest);
  const began = performance.now();
  const param = typeof body.text === 'string' ? 'text' : 'messages';
  return withModel(context, tools, { model: body.model, param }, async ({ model, engine, signal }) => {
    const read = await warmCourse(engine, body.text ?? body.messages!, {
      ...(typeof body.name === 'string' && { name: body.name }),
      signal,
      admit: (tokens) => tools.setAside(context, tokens),
    });
    tools.answered(context, {
      model: model.name,
      finish: 'warmed',
      promptTokens: read.tokens,
      cachedTokens: read.reused,
      completionTokens: 0,
      totalMs: performance.now() - began,
    });
    return { model: model.name, ...read };
  });
}
