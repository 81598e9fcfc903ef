import { z } from '@hono/zod-openapi';
import { samplingFields, someText, text } from './sampling-fields.ts';

/** Most messages in one conversation. */
export const MAX_MESSAGES = 1000;
/** Most texts in one request for embeddings. */
export const MAX_INPUTS = 256;

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

const messages = z
  .array(z.object({ role, content }), { error: 'expected a list of messages' })
  .min(1, { error: 'expected at least one message' })
  .max(MAX_MESSAGES, { error: `expected at most ${MAX_MESSAGES} messages` });

const model = text.openapi({ description: 'A name that GET /v1/models lists.' });

const tokenCount = z.int({ error: 'expected a whole number of tokens, at least 1' }).min(1, {
  error: 'expected a whole number of tokens, at least 1',
});

/** Ids of tokens; whether the model has them, the model says. */
const tokenIds = z.array(z.int({ error: 'expected ids of tokens' }).min(0).max(0x7fffffff)).max(1 << 20);

const likeliest = z
  .int({ error: 'expected a whole number from 0 to 20' })
  .min(0, { error: 'expected a whole number from 0 to 20' })
  .max(20, { error: 'expected a whole number from 0 to 20' });

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

const responseFormat = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('text') }),
    z.object({ type: z.literal('json_object') }),
    z.object({
      type: z.literal('json_schema'),
      json_schema: z.object({
        name: text.nullish(),
        description: text.nullish(),
        schema: z.record(z.string(), z.unknown(), { error: 'expected a JSON schema' }),
        strict: z.boolean().nullish().openapi({ description: 'Schemas are always enforced here.' }),
      }),
    }),
  ],
  { error: 'expected "text", "json_object" or "json_schema"' },
);

export const chatRequest = z
  .looseObject({
    model,
    messages,
    max_tokens: tokenCount.nullish(),
    max_completion_tokens: tokenCount.nullish(),
    response_format: responseFormat.nullish(),
    modalities: z.array(z.literal('text', { error: 'only "text" is supported by this server' })).nullish(),
    logprobs: z.boolean({ error: 'expected true or false' }).nullish(),
    top_logprobs: likeliest.nullish(),
    ...samplingFields,
  })
  .superRefine(refuse(['tools', 'tool_choice', 'functions', 'function_call', 'audio', 'web_search_options']))
  .superRefine((body, context) => {
    if (typeof body.top_logprobs === 'number' && body.top_logprobs > 0 && !body.logprobs) {
      context.addIssue({
        code: 'custom',
        path: ['top_logprobs'],
        message: 'expected logprobs: true beside it',
      });
    }
    if (body.grammar && body.response_format && body.response_format.type !== 'text') {
      context.addIssue({
        code: 'custom',
        path: ['grammar'],
        message: 'found a grammar and a response_format; expected one of them',
      });
    }
  })
  .openapi('ChatRequest');
export type ChatRequest = z.infer<typeof chatRequest>;

const onePrompt = z
  .union([text, z.array(text).min(1).max(1)], {
    error: 'expected one string; several prompts take several requests',
  })
  .transform((value) => (typeof value === 'string' ? value : value[0]!));

export const completionRequest = z
  .looseObject({
    model,
    prompt: onePrompt.nullish().transform((value) => value ?? ''),
    max_tokens: tokenCount.nullish(),
    best_of: z.literal(1, { error: 'only as many texts are made as are answered: leave it out' }).nullish(),
    // Here 0 asks for something: the chosen token's own. False is no number, but some clients send it.
    logprobs: z
      .union([likeliest, z.literal(false)], { error: 'expected a whole number from 0 to 20' })
      .nullish(),
    ...samplingFields,
  })
  .superRefine(refuse(['suffix', 'echo']))
  .openapi('CompletionRequest');
export type CompletionRequest = z.infer<typeof completionRequest>;

const inputs = z
  .union(
    [
      someText(),
      z.array(someText()).min(1).max(MAX_INPUTS),
      tokenIds.min(1),
      z.array(tokenIds.min(1)).min(1).max(MAX_INPUTS),
    ],
    { error: `expected a non-empty text, ids of tokens, or a list of at most ${MAX_INPUTS} of either` },
  )
  .transform((value): (string | number[])[] => {
    if (typeof value === 'string') return [value];
    return typeof value[0] === 'number' ? [value as number[]] : (value as string[] | number[][]);
  });

export const embeddingRequest = z
  .looseObject({
    model,
    input: inputs,
    encoding_format: z.enum(['float', 'base64'], { error: 'expected "float" or "base64"' }).nullish(),
    dimensions: z
      .int({ error: 'expected a whole number, at least 1' })
      .min(1)
      .max(1 << 20, { error: 'expected no more numbers than the model gives' })
      .nullish()
      .openapi({ description: 'Keep so many numbers of each vector, made length 1 again.' }),
  })
  .openapi('EmbeddingRequest');

export const tokenizeRequest = z
  .looseObject({
    model,
    prompt: text.nullish().openapi({ description: 'A text; or else messages.' }),
    messages: messages.nullish(),
    add_special_tokens: z
      .boolean()
      .nullish()
      .openapi({ description: 'Of a text: what the model wants before it, such as bos. Default true.' }),
    add_generation_prompt: z
      .boolean()
      .nullish()
      .openapi({ description: 'Of messages: up to where the assistant begins to speak. Default true.' }),
    return_token_strs: z.boolean().nullish(),
  })
  .superRefine((body, context) => {
    if (typeof body.prompt !== 'string' && !body.messages) {
      context.addIssue({ code: 'custom', path: ['prompt'], message: 'expected a prompt or messages' });
    }
  })
  .openapi('TokenizeRequest');

export const warmRequest = z
  .looseObject({
    model,
    text: someText().nullish().openapi({
      description: 'A course, as the lesson will send it for its system message; or else messages.',
    }),
    messages: messages.nullish().openapi({ description: 'What every question will come after.' }),
    name: someText(200).nullish().openapi({ description: 'What it is, for whoever looks after the server.' }),
  })
  .superRefine((body, context) => {
    if ((typeof body.text === 'string') === Array.isArray(body.messages)) {
      context.addIssue({
        code: 'custom',
        path: ['text'],
        message: 'expected a text or messages, one of them',
      });
    }
  })
  .openapi('WarmRequest');

export const detokenizeRequest = z.looseObject({ model, tokens: tokenIds }).openapi('DetokenizeRequest');
