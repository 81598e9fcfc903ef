import type { Context } from 'hono';
import type { AnswerFigures } from '../operate/answer-figures.ts';
import { toApiError } from './api-error.ts';
import type { ChatModel } from './chat-model.ts';
import { Choices, cancelled } from './choices.ts';
import { demandShort, modelRequests, type Wanted } from './model-requests.ts';
import type { RouteTools } from './route-tools.ts';
import type { SamplingFields } from './sampling-fields.ts';
import { streamAnswer } from './stream-answer.ts';
import { wholeAnswer } from './whole-answer.ts';
import type { Wording } from './wording.ts';

/** What an endpoint makes of its request. */
interface Asked {
  body: SamplingFields & { model: string };
  /** What people wrote of the prompt. */
  texts: readonly string[];
  /** The prompt as the model's tokens. */
  prompt: (engine: ChatModel) => ArrayLike<number>;
  wanted: Wanted;
  wording: Wording;
}

/**
 * Answers a request, whole or as a stream. The model is held until the last byte; the generation ends when the client
 * goes away or the server stops.
 */
export async function answer(context: Context, tools: RouteTools, asked: Asked): Promise<Response> {
  const { body, wanted, wording } = asked;
  const model = tools.models.get(body.model, tools.allowed(context));
  const began = performance.now();
  const left = new AbortController();
  const held = new DisposableStack();
  let choices: Choices | undefined;
  let signal: AbortSignal | undefined;
  const close = (error?: unknown) => {
    if (held.disposed) return;
    if (error !== undefined) left.abort(error);
    held.dispose();
    if (choices) tools.answered(context, figures(model.name, choices, { began, error }));
    else tools.notAnswered(context);
  };
  try {
    const client = AbortSignal.any([context.req.raw.signal, left.signal]);
    signal = held.use(tools.active.begin(client, body.n ?? 1)).signal;
    const { engine } = held.use(await model.use(signal));
    const { contextSize, longestToken } = engine;
    demandShort({ name: model.name, contextSize, longestToken }, asked.texts, wanted.param);
    const tokens = asked.prompt(engine);
    const requests = modelRequests({ name: model.name, contextSize }, tokens, {
      fields: { ...body, room: tools.roomOf(context, body.room) },
      wanted,
      signal,
    });
    const most = tokens.length + requests.reduce((sum, { maxTokens }) => sum + maxTokens, 0);
    tools.setAside(context, most);
    choices = new Choices(engine, requests);
    const opts = {
      wording,
      model: model.name,
      gate: model.gate,
      logprobs: wanted.topLogprobs !== undefined,
    };
    if (body.stream) {
      return await streamAnswer(context, choices, {
        ...opts,
        includeUsage: body.stream_options?.include_usage ?? false,
        leave: () => left.abort(new Error('client went away')),
        close,
      });
    }
    const whole = await wholeAnswer(choices, opts);
    close();
    return context.json(whole);
  } catch (thrown) {
    // Who waits for a model to be loaded ends with the signal's own error.
    const error = !choices && signal?.aborted ? cancelled() : toApiError(thrown, wanted.param);
    close(error);
    throw error;
  }
}

function figures(model: string, choices: Choices, opts: { began: number; error: unknown }): AnswerFigures {
  const usage = choices.usage();
  const { firstToken } = choices;
  return {
    model,
    finish: opts.error === undefined ? choices.finish : finishOf(toApiError(opts.error).code),
    promptTokens: usage.prompt_tokens,
    cachedTokens: usage.prompt_tokens_details.cached_tokens,
    completionTokens: usage.completion_tokens,
    queuedMs: choices.queuedMs,
    ...(firstToken === undefined ? {} : { firstTokenMs: firstToken - opts.began }),
    totalMs: performance.now() - opts.began,
    joules: choices.lucie(null).energy.joules,
  };
}

function finishOf(code: string): string {
  if (code === 'deadline_exceeded') return 'deadline';
  return code === 'cancelled' ? 'cancelled' : 'error';
}
