import { randomBytes } from 'node:crypto';
import type { ModelChunk } from './chat-model.ts';
import { chatLogprobs, completionLogprobs } from './logprobs.ts';

/** How one endpoint words an answer. */
export interface Wording {
  idPrefix: string;
  chunkObject: string;
  wholeObject: string;
  /** The choice of a chunk before the first text, where there is one. */
  opening?: (index: number) => object;
  /** JSON of a chunk's choice around its text and its logprobs, both JSON: all that is written for each token. */
  piece(index: number): { before: string; between: string; after: string };
  end(index: number, finishReason: string): object;
  whole(index: number, text: string, rest: { logprobs: object | null; finishReason: string }): object;
  /** @param offset - characters of the answer before these tokens */
  logprobs(chunks: readonly ModelChunk[], offset: number): object;
}

export const chatWording: Wording = {
  idPrefix: 'chatcmpl',
  chunkObject: 'chat.completion.chunk',
  wholeObject: 'chat.completion',
  opening: (index) => ({
    index,
    delta: { role: 'assistant', content: '' },
    logprobs: null,
    finish_reason: null,
  }),
  piece: (index) => ({
    before: `{"index":${index},"delta":{"content":`,
    between: '},"logprobs":',
    after: ',"finish_reason":null}',
  }),
  end: (index, finish_reason) => ({ index, delta: {}, logprobs: null, finish_reason }),
  whole: (index, content, { logprobs, finishReason }) => ({
    index,
    message: { role: 'assistant', content, refusal: null },
    logprobs,
    finish_reason: finishReason,
  }),
  logprobs: chatLogprobs,
};

export const completionWording: Wording = {
  idPrefix: 'cmpl',
  chunkObject: 'text_completion',
  wholeObject: 'text_completion',
  piece: (index) => ({
    before: '{"text":',
    between: `,"index":${index},"logprobs":`,
    after: ',"finish_reason":null}',
  }),
  end: (index, finish_reason) => ({ text: '', index, logprobs: null, finish_reason }),
  whole: (index, text, { logprobs, finishReason }) => ({
    text,
    index,
    logprobs,
    finish_reason: finishReason,
  }),
  logprobs: completionLogprobs,
};

/** Fields that every chunk of an answer and the whole one begin with. */
export function answerHead(wording: Wording, model: string): { id: string; created: number; model: string } {
  return {
    id: `${wording.idPrefix}-${randomBytes(12).toString('hex')}`,
    created: Math.floor(Date.now() / 1000),
    model,
  };
}
