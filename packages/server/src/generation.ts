import { ApiError } from './api-error.ts';
import type { GenerateOptions, ModelInput, ServedModel } from './chat-model.ts';

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

/** Generations at work, so that a stopping server can cancel them and wait until the engine is still. */
export class ActiveGenerations {
  #controllers = new Set<AbortController>();
  #idle: (() => void)[] = [];
  #stopping = false;
  readonly limit: number;

  /** @param limit - most generations at work or waiting; one more is refused with 429. */
  constructor(limit: number) {
    this.limit = limit;
  }

  get count(): number {
    return this.#controllers.size;
  }

  /** Registers a generation; dispose when it has ended. Its signal joins `client` with the server's stop. */
  begin(client: AbortSignal): { signal: AbortSignal } & Disposable {
    if (this.#stopping) {
      throw new ApiError({
        status: 503,
        code: 'stopping',
        message: 'The server is stopping; ask again when it has been started anew.',
      });
    }
    if (this.#controllers.size >= this.limit) {
      throw new ApiError({
        status: 429,
        code: 'too_many_requests',
        message: `${this.limit} answers are already being written or waiting; ask again in a few seconds.`,
      });
    }
    const controller = new AbortController();
    this.#controllers.add(controller);
    return {
      signal: AbortSignal.any([client, controller.signal]),
      [Symbol.dispose]: () => {
        this.#controllers.delete(controller);
        if (this.#controllers.size === 0) for (const wake of this.#idle.splice(0)) wake();
      },
    };
  }

  /** Refuses new generations and resolves once none is at work; those left after `graceMs` are cancelled. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    if (this.count === 0) return;
    const idle = new Promise<void>((resolve) => this.#idle.push(resolve));
    const timer = setTimeout(() => {
      for (const controller of this.#controllers) controller.abort(new Error('server stopped'));
    }, graceMs);
    await idle;
    clearTimeout(timer);
  }
}

/**
 * Prepares a generation: counts the prompt and refuses it when it leaves no room for an answer.
 * @returns events of the answer; `maxTokens` beyond the context is cut to what is left of it
 * @throws ApiError 400 `context_length_exceeded`
 */
export async function prepareGeneration(
  model: ServedModel,
  input: ModelInput,
  fields: SamplingFields & { maxTokens: number | undefined },
): Promise<(signal: AbortSignal) => AsyncGenerator<GenerationEvent, void, void>> {
  const promptTokens = await model.engine.countTokens(input);
  const { contextLength } = model.engine;
  const room = contextLength - promptTokens;
  if (room < 1) {
    throw new ApiError({
      status: 400,
      code: 'context_length_exceeded',
      param: 'messages' in input ? 'messages' : 'prompt',
      message: `This text is ${promptTokens} tokens long; the model "${model.name}" holds ${contextLength} tokens, answer included: shorten it or start a new conversation.`,
    });
  }
  const stop = fields.stop ?? [];
  const options: Omit<GenerateOptions, 'signal'> = {
    maxTokens: Math.min(fields.maxTokens ?? room, room),
    stop: typeof stop === 'string' ? [stop] : stop,
  };
  if (typeof fields.temperature === 'number') options.temperature = fields.temperature;
  if (typeof fields.top_p === 'number') options.topP = fields.top_p;
  if (typeof fields.seed === 'number') options.seed = fields.seed;
  return async function* events(signal) {
    const pieces = model.engine.generate(input, { ...options, signal });
    for (;;) {
      const next = await pieces.next().catch((error: unknown) => {
        throw signal.aborted ? cancelled() : error;
      });
      if (signal.aborted) throw cancelled();
      if (next.done) {
        const { finishReason, completionTokens } = next.value;
        const total = promptTokens + completionTokens;
        yield {
          finishReason,
          usage: { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: total },
        };
        return;
      }
      if (next.value !== '') yield { text: next.value };
    }
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
