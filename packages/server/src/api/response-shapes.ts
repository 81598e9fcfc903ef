import { z } from '@hono/zod-openapi';
import { annotationShape, roomLucieFields } from '../rooms/room-shapes.ts';
import { gateShape } from './gate.ts';

/** What the answers look like: for the OpenAPI document; tests hold the answers themselves against it. */

const count = z.int().min(0);

const lucieFields = z
  .object({
    energy: z.object({ joules: z.number().min(0), method: z.string() }).openapi({
      description: "This answer's share; `method` says whether it was measured or estimated.",
    }),
    gate: gateShape.nullable(),
    queued_ms: z.number().min(0).openapi({ description: 'Time in line.' }),
    deadline: z.boolean().optional().openapi({ description: 'True when deadline_ms cut the answer.' }),
    ...roomLucieFields,
  })
  .openapi('LucieFields', { description: 'What this server tells beyond OpenAI.' });

const usage = z
  .object({
    prompt_tokens: count,
    completion_tokens: count,
    total_tokens: count,
    prompt_tokens_details: z.object({ cached_tokens: count }),
  })
  .openapi('Usage');

const finishReason = z.enum(['stop', 'length']);

const tokenLogprob = z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.int()) });

const chatLogprobsShape = z.object({
  content: z.array(tokenLogprob.extend({ top_logprobs: z.array(tokenLogprob) })),
  refusal: z.null(),
});

const completionLogprobsShape = z.object({
  tokens: z.array(z.string()),
  token_logprobs: z.array(z.number()),
  top_logprobs: z.array(z.record(z.string(), z.number())),
  text_offset: z.array(z.int()),
});

const head = { id: z.string(), created: z.int(), model: z.string() };

export const chatResponse = z
  .object({
    ...head,
    object: z.literal('chat.completion'),
    choices: z.array(
      z.object({
        index: count,
        message: z.object({
          role: z.literal('assistant'),
          content: z.string(),
          refusal: z.null(),
          annotations: z.array(annotationShape).optional().openapi({ description: 'Of a room: its proof.' }),
        }),
        logprobs: chatLogprobsShape.nullable(),
        finish_reason: finishReason,
      }),
    ),
    usage,
    lucie: lucieFields,
  })
  .openapi('ChatResponse');

export const chatChunk = z
  .object({
    ...head,
    object: z.literal('chat.completion.chunk'),
    choices: z.array(
      z.object({
        index: count,
        delta: z.object({
          role: z.literal('assistant').optional(),
          content: z.string().optional(),
          annotations: z.array(annotationShape).optional(),
        }),
        logprobs: chatLogprobsShape.nullable(),
        finish_reason: finishReason.nullable(),
      }),
    ),
    usage: usage.nullish(),
    lucie: lucieFields.optional(),
  })
  .openapi('ChatChunk');

export const completionResponse = z
  .object({
    ...head,
    object: z.literal('text_completion'),
    choices: z.array(
      z.object({
        text: z.string(),
        index: count,
        logprobs: completionLogprobsShape.nullable(),
        finish_reason: finishReason.nullable(),
      }),
    ),
    usage: usage.nullish(),
    lucie: lucieFields.optional(),
  })
  .openapi('CompletionResponse', { description: 'Whole, or one chunk of a stream.' });

export const embeddingResponse = z
  .object({
    object: z.literal('list'),
    model: z.string(),
    data: z.array(
      z.object({
        object: z.literal('embedding'),
        index: count,
        embedding: z.union([z.array(z.number()), z.string()]).openapi({
          description: 'Numbers, or with base64 their 32-bit floats, little-endian.',
        }),
      }),
    ),
    usage: z.object({ prompt_tokens: count, total_tokens: count }),
    lucie: lucieFields,
  })
  .openapi('EmbeddingResponse');

export const tokenizeResponse = z
  .object({
    count,
    max_model_len: count,
    tokens: z.array(count),
    token_strs: z.array(z.string()).nullable(),
  })
  .openapi('TokenizeResponse');

export const warmResponse = z
  .object({
    model: z.string(),
    tokens: count,
    reused: count.openapi({ description: 'Of these, how many were known already.' }),
    kept: z.boolean().openapi({ description: 'Whether they are in memory now.' }),
    stored: z.boolean().openapi({ description: 'Whether they are on disk for the next start.' }),
    as: z.enum(['system', 'user', 'messages']).openapi({
      description: 'Where the lesson must send a text: as the system message, or before its first question.',
    }),
  })
  .openapi('WarmResponse');

export const detokenizeResponse = z.object({ prompt: z.string(), count }).openapi('DetokenizeResponse');

export const modelObject = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int(),
    owned_by: z.string(),
    label: z.string(),
    context_length: count,
    gate: gateShape.nullable(),
  })
  .openapi('Model');

export const modelListResponse = z
  .object({ object: z.literal('list'), data: z.array(modelObject) })
  .openapi('ModelList');

export const errorResponse = z
  .object({
    error: z.object({
      message: z.string().openapi({ description: 'A sentence for people.' }),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().openapi({ description: 'Stable.' }),
    }),
  })
  .openapi('Error');
