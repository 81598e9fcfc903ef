import { EnergyMeter, isLucieError } from '@lucie/ledger';
import type { Context } from 'hono';
import { toApiError } from './api-error.ts';
import { tooLong } from './model-requests.ts';
import { readBody } from './request-body.ts';
import { embeddingRequest } from './request-shapes.ts';
import type { RouteTools } from './route-tools.ts';

/** `POST /v1/embeddings`. The energy is that of the whole process meanwhile: all that is known of one call. */
export async function embeddingRoute(context: Context, tools: RouteTools): Promise<Response> {
  const body = await readBody(context, embeddingRequest);
  const model = tools.models.get(body.model);
  tools.requireModel(context, model.name);
  const began = performance.now();
  const meter = new EnergyMeter();
  using held = new DisposableStack();
  const { signal } = held.use(tools.active.begin(context.req.raw.signal));
  try {
    const { engine } = held.use(await model.use(signal));
    const inputs = body.input.map((input) =>
      typeof input === 'string' ? engine.tokenize(input, { addSpecial: true }) : input,
    );
    for (const [i, { length }] of inputs.entries()) {
      if (length <= engine.contextSize) continue;
      throw tooLong({ name: model.name, contextSize: engine.contextSize }, length, `input[${i}]`);
    }
    const vectors = await engine.embed(
      inputs,
      typeof body.dimensions === 'number' ? { dimensions: body.dimensions } : {},
    );
    const count = inputs.reduce((sum, { length }) => sum + length, 0);
    const energy = meter.read();
    tools.answered(context, {
      model: model.name,
      finish: 'stop',
      promptTokens: count,
      cachedTokens: 0,
      completionTokens: 0,
      totalMs: performance.now() - began,
      joules: energy.joules,
    });
    return context.json({
      object: 'list',
      model: model.name,
      data: vectors.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: body.encoding_format === 'base64' ? base64(vector) : Array.from(vector),
      })),
      usage: { prompt_tokens: count, total_tokens: count },
      lucie: { energy, gate: model.gate, queued_ms: 0 },
    });
  } catch (error) {
    throw toApiError(error, isLucieError(error) && error.code === 'OPTION_INVALID' ? 'dimensions' : 'input');
  }
}

/** 32-bit floats, little-endian, whatever this machine's order. */
function base64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, i * 4);
  return bytes.toString('base64');
}
