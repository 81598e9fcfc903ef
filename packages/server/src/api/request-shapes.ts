import { z } from 'zod';

/** Most messages in one conversation. */
export const MAX_MESSAGES = 1000;

const text = z.string({ error: 'expected a string' }).refine((value) => value.isWellFormed(), {
  error: 'expected valid Unicode (found half of a surrogate pair)',
});

const parts = z.array(
  z.object({
    type: z.literal('text', { error: 'expected "text"; this model reads nothing but text' }),
    text,
  }),
);

/** A string, or OpenAI's list of text parts, as one string. */
const content = z
  .union([text, parts], { error: 'expected a string or a list of text parts' })
  .transform((value) => (typeof value === 'string' ? value : value.map((part) => part.text).join('')));

const role = z
  .enum(['system', 'developer', 'user', 'assistant'], {
    error: 'expected "system", "developer", "user" or "assistant"; this model calls no tools',
  })
  .transform((value) => (value === 'developer' ? 'system' : value));

const stop = z.union([text.min(1), z.array(text.min(1)).max(4)], {
  error: 'expected a non-empty string or at most four of them',
});

const tokens = z.int({ error: 'expected a whole number of tokens, at least 1' }).min(1);

const sampling = {
  temperature: z.number({ error: 'expected a number from 0 to 2' }).min(0).max(2).nullish(),
  top_p: z.number({ error: 'expected a number above 0, at most 1' }).gt(0).max(1).nullish(),
  seed: z.int({ error: 'expected a whole number' }).nullish(),
  stop: stop.nullish(),
  n: z.literal(1, { error: 'only one choice per request is made here: leave n out or send 1' }).nullish(),
  stream: z.boolean({ error: 'expected true or false' }).nullish(),
  stream_options: z
    .object({ include_usage: z.boolean().nullish() }, { error: 'expected an object' })
    .nullish(),
};

/** True for a value that asks for nothing: absent, false, zero, empty, or the word for "do nothing". */
function asksNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0) return true;
  if (value === 'none' || value === 'auto') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/**
 * Refuses a field that would change what the answer means and that this server does not honour. Fields that change
 * nothing about the answer (`user`, `metadata`, `store`, `service_tier`, unknown ones…) pass unread, as with OpenAI.
 */
function refuse(fields: string[]) {
  return (value: Record<string, unknown>, context: z.RefinementCtx) => {
    for (const field of fields) {
      if (asksNothing(value[field])) continue;
      context.addIssue({
        code: 'custom',
        path: [field],
        message: 'not supported by this server, and the answer would not be what it asks for: leave it out',
        params: { code: 'unsupported_parameter' },
      });
      return;
    }
  };
}

const PENALTIES = ['logit_bias', 'frequency_penalty', 'presence_penalty'];

const textFormat = z
  .object({ type: z.literal('text', { error: 'only "text" is supported by this server' }) })
  .nullish();

export const chatRequest = z
  .looseObject({
    model: text,
    messages: z
      .array(z.object({ role, content }), { error: 'expected a list of messages' })
      .min(1, { error: 'expected at least one message' })
      .max(MAX_MESSAGES, { error: `expected at most ${MAX_MESSAGES} messages` }),
    max_tokens: tokens.nullish(),
    max_completion_tokens: tokens.nullish(),
    response_format: textFormat,
    modalities: z.array(z.literal('text', { error: 'only "text" is supported by this server' })).nullish(),
    ...sampling,
  })
  .superRefine(
    refuse([
      ...PENALTIES,
      'tools',
      'tool_choice',
      'functions',
      'function_call',
      'audio',
      'logprobs',
      'top_logprobs',
      'web_search_options',
    ]),
  );

export type ChatRequest = z.infer<typeof chatRequest>;

const onePrompt = z
  .union([text, z.array(text).length(1)], {
    error: 'expected one string; several prompts take several requests',
  })
  .transform((value) => (typeof value === 'string' ? value : value[0]!));

export const completionRequest = z
  .looseObject({
    model: text,
    prompt: onePrompt.nullish().transform((value) => value ?? ''),
    max_tokens: z.int({ error: 'expected a whole number of tokens' }).min(1).nullish(),
    best_of: z.literal(1, { error: 'only one choice per request is made here' }).nullish(),
    // Here 0 asks for something: the chosen token's own.
    logprobs: z.literal(false, { error: 'not given by this server: leave it out' }).nullish(),
    ...sampling,
  })
  .superRefine(refuse([...PENALTIES, 'suffix', 'echo']));

export type CompletionRequest = z.infer<typeof completionRequest>;
