import { randomInt } from 'node:crypto';
import { ApiError } from './api-error.ts';
import type { AnswerGrammar, ModelRequest, ServedModel } from './chat-model.ts';
import { type SamplingFields, samplingOptions } from './sampling-fields.ts';

/** What an endpoint asks beyond the fields that both share. */
export interface Wanted {
  maxTokens: number | undefined;
  grammar?: AnswerGrammar | undefined;
  topLogprobs?: number | undefined;
  /** The request's field that the prompt came from. */
  param: string;
}

/** Seeds are drawn below this, so that those of further choices are safe integers too. */
const SEEDS = 2 ** 48 - 1;

/**
 * What the model is asked, once for each choice: the same prompt, each with a seed of its own. A `maxTokens` beyond
 * the context is cut to what is left of it; without a seed one is drawn, as with OpenAI.
 * @throws ApiError 400 `context_length_exceeded` when no room is left for an answer, `prompt_empty`
 */
export function modelRequests(
  model: { name: string; contextSize: number },
  tokens: ArrayLike<number>,
  opts: { fields: SamplingFields; wanted: Wanted; signal: AbortSignal },
): ModelRequest[] {
  const { fields, wanted } = opts;
  const room = model.contextSize - tokens.length;
  if (room < 1) throw tooLong(model, tokens.length, wanted.param);
  if (tokens.length === 0) {
    throw new ApiError({
      status: 400,
      code: 'prompt_empty',
      param: wanted.param,
      message: `The model "${model.name}" needs a text to go on from; send at least one character.`,
    });
  }
  const request = {
    ...samplingOptions(fields, wanted),
    tokens,
    maxTokens: Math.min(wanted.maxTokens ?? room, room),
    signal: opts.signal,
  };
  const seed = fields.seed ?? randomInt(SEEDS);
  return Array.from({ length: fields.n ?? 1 }, (_, i) => ({ ...request, seed: choiceSeed(seed, i) }));
}

/** The first choice has the request's own seed, so that it is what one choice alone would be. */
function choiceSeed(seed: number, index: number): number {
  return seed > Number.MAX_SAFE_INTEGER - index ? seed - index : seed + index;
}

/** A shorter text is made into tokens in any case, since that takes no time and their number is the better answer. */
const QUICK_BYTES = 1 << 16;

/**
 * Refuses a text that cannot fit whatever its tokens are, before it is made into tokens: of a megabyte that takes a
 * second, in which nobody else would be answered. White space at the ends is not counted: templates drop it.
 * @throws ApiError 400 `context_length_exceeded`
 */
export function demandShort(
  model: { name: string; contextSize: number; longestToken?: number | undefined },
  texts: readonly string[],
  param: string,
): void {
  if (model.longestToken === undefined) return;
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text.trim()), 0);
  const most = model.contextSize * model.longestToken;
  if (bytes <= Math.max(most, QUICK_BYTES)) return;
  throw new ApiError({
    status: 400,
    code: 'context_length_exceeded',
    param,
    message: `This text is ${bytes} bytes long; the model "${model.name}" holds ${model.contextSize} tokens, answer included, which are ${most} bytes at most: shorten it or start a new conversation.`,
  });
}

/** A text is refused with both counts, never cut. */
export function tooLong(
  model: Pick<ServedModel, 'name' | 'contextSize'>,
  count: number,
  param: string,
): ApiError {
  return new ApiError({
    status: 400,
    code: 'context_length_exceeded',
    param,
    message: `This text is ${count} tokens long; the model "${model.name}" holds ${model.contextSize} tokens, answer included: shorten it or start a new conversation.`,
  });
}
