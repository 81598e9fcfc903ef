import { checkOption } from './check-option.ts';
import type { SamplingOptions } from './sampling/sampling-options.ts';

/** What a timer of Node takes, 24 days: a later deadline is this one. */
export const MOST_DEADLINE_MS = 2 ** 31 - 1;

export interface GenerateOptions extends SamplingOptions {
  /** Text to go on from, tokenized without control tokens; or `tokens`. */
  prompt?: string;
  tokens?: ArrayLike<number>;
  /** Default: what is left of the context. */
  maxTokens?: number;
  /** The same seed, prompt and options draw the same tokens when the engine serves one sequence, or `deterministic`. Default 0. */
  seed?: number;
  /** Texts that end the generation; they are not part of it. */
  stop?: readonly string[];
  /** Tokens that end the generation. Default: the model's own. */
  stopIds?: Iterable<number>;
  signal?: AbortSignal;
  /** Whose turn it is: rooms share fairly, then the people of a room. What an answer leaves is reused in its room only. */
  room?: string;
  person?: string;
  /** Milliseconds after which it ends, in line or at work. */
  deadlineMs?: number;
  /** Decodes alone, in a context of its own, without reuse: the same bytes whatever else the engine does. */
  deterministic?: boolean;
  /** Take from, and leave in, the shared prefixes. Default true. */
  cachePrompt?: boolean;
}

/**
 * What is not about sampling, which `Sampler` checks.
 * @throws LucieError `OPTION_INVALID`
 */
export function checkGenerateOptions({ maxTokens = 0, deadlineMs = 0 }: GenerateOptions): void {
  checkOption(
    'maxTokens',
    maxTokens,
    Number.isSafeInteger(maxTokens) && maxTokens >= 0,
    'a whole number from 0',
  );
  checkOption('deadlineMs', deadlineMs, deadlineMs >= 0, 'milliseconds from 0');
}
