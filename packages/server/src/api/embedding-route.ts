import { isLucieError } from '@lucie/ledger';
import type { Context } from 'hono';
import { toApiError } from './api-error.ts';
import { demandShort, tooLong } from './model-requests.ts';
import { readBody } from './request-body.ts';
import { embeddingRequest } from './request-shapes.ts';
import type { RouteTools } from './route-tools.ts';
import { withModel } from './with-model.ts';

/** `POST /v1/embeddings`. */
export async function embeddingRoute(context: Context, tools: RouteTools): Promise<Response> {
  const body = await readBody(context, embeddingRequest);
  const began = performance.now();
  return withModel(context, tools, { model: body.model, param: 'input' }, async (held) => {
    const { model, engine, signal } = held;
    const { contextSize, longestToken } = engine;
    for (const [i, input] of body.input.entries()) {
      if (typeof input === 'string')
        demandShort({ name: model.name, contextSize, longestToken }, [input], `input[${i}]`);
    }
    const inputs = body.input.map((input) =>
      typeof input === 'string' ? engine.tokenize(input, { addSpecial: true }) : input,
    );
    for (const [i, { length }] of inputs.entries()) {
      if (length <= contextSize) continue;
      throw tooLong({ name: model.name, contextSize }, length, `input[${i}]`);
    }
    const count = inputs.reduce((sum, { length }) => sum + length, 0);
    tools.setAside(context, count);
    const { vectors, energy, queuedMs } = await engine
      .embed(inputs, { ...(typeof body.dimensions === 'number' && { dimensions: body.dimensions }), signal })
      .catch((error: unknown) => {
        throw isLucieError(error) && error.code === 'OPTION_INVALID'
          ? toApiError(error, 'dimensions')
          : error;
      });
    tools.answered(context, {
      model: model.name,
      finish: 'stop',
      promptTokens: count,
      cachedTokens: 0,
      completionTokens: 0,
      queuedMs,
      totalMs: performance.now() - began,
      joules: energy.joules,
    });
    return {
      object: 'list',
      model: model.name,
      data: vectors.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: body.encoding_format === 'base64' ? base64(vector) : Array.from(vector),
      })),
      usage: { prompt_tokens: count, total_tokens: count },
      lucie: { energy, gate: model.gate, queued_ms: Math.round(queuedMs) },
    };
  });
}

/** 32-bit floats, little-endian, whatever this machine's order. */
function base64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, i * 4);
  return bytes.toString('base64');
}
