import { randomInt } from 'node:crypto';
import { ApiError } from './api-error.ts';
import type { ModelRequest, ServedModel } from './chat-model.ts';

/** The sampling fields that both endpoints share, as the client sent them. */
export interface SamplingFields {
  temperature?: number | null | undefined;
  top_p?: number | null | undefined;
  seed?: number | null | undefined;
  stop?: string | string[] | null | undefined;
}

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

/** What a generation yields, in order: pieces of text, then one end. */
export type GenerationEvent = { text: string } | { finishReason: 'stop' | 'length'; usage: Usage };

/** A generation that begins once it has a signal. */
export type PreparedGeneration = (signal: AbortSignal) => AsyncGenerator<GenerationEvent, void, void>;

/**
 * Prepares a generation from its prompt's tokens. A `maxTokens` beyond the context is cut to what is left of it; a
 * sampled answer without a seed gets one by chance, as with OpenAI.
 * @param fields.param - the request's field that the prompt came from
 * @throws ApiError 400 `context_length_exceeded` when no room is left for an answer, `prompt_empty`
 */
export function prepareGeneration(
  model: ServedModel,
  tokens: ArrayLike<number>,
  fields: SamplingFields & { maxTokens: number | undefined; param: string },
): PreparedGeneration {
  const { contextSize } = model.engine;
  const room = contextSize - tokens.length;
  if (room < 1) {
    throw new ApiError({
      status: 400,
      code: 'context_length_exceeded',
      param: fields.param,
      message: `This text is ${tokens.length} tokens long; the model "${model.name}" holds ${contextSize} tokens, answer included: shorten it or start a new conversation.`,
    });
  }
  if (tokens.length === 0) {
    throw new ApiError({
      status: 400,
      code: 'prompt_empty',
      param: fields.param,
      message: `The model "${model.name}" needs a text to go on from; send at least one character.`,
    });
  }
  const stop = fields.stop ?? [];
  const request: Omit<ModelRequest, 'signal'> = {
    tokens,
    maxTokens: Math.min(fields.maxTokens ?? room, room),
    seed: fields.seed ?? randomInt(2 ** 48 - 1),
    stop: typeof stop === 'string' ? [stop] : stop,
  };
  if (typeof fields.temperature === 'number') request.temperature = fields.temperature;
  if (typeof fields.top_p === 'number') request.topP = fields.top_p;

  return async function* events(signal) {
    if (signal.aborted) throw cancelled();
    const generation = model.engine.generate({ ...request, signal });
    for await (const { text } of generation) if (text !== '') yield { text };
    const { finishReason, completionTokens } = generation;
    if (finishReason === 'cancelled' || finishReason === undefined) throw cancelled();
    const usage = {
      prompt_tokens: tokens.length,
      completion_tokens: completionTokens,
      total_tokens: tokens.length + completionTokens,
    };
    yield { finishReason, usage };
  };
}

/** Reaches a client only when the server stops; a client that went away hears nothing any more. */
function cancelled(): ApiError {
  return new ApiError({
    status: 503,
    code: 'cancelled',
    message: 'The answer was cancelled because the server is stopping.',
  });
}
