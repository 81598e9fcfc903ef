import { encodeChat, type Tokenizer } from '@lucie/tokenizer';

export const KINDS = ['answers', 'capitals', 'facts', 'identity'] as const;
/** Sheets of questions and answers; capitals; other facts on countries; who the model is. */
export type Kind = (typeof KINDS)[number];

/** A question and the answer to learn. */
export interface Pair {
  kind: Kind;
  question: string;
  answer: string;
}

/** An encoded conversation: ids, and 1 in `mask` where the id belongs to the answer or ends it. */
export interface Example {
  ids: Uint32Array;
  mask: Uint8Array;
}

export function encodePair(tokenizer: Tokenizer, { question, answer }: Omit<Pair, 'kind'>): Example {
  return encodeChat(tokenizer, [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ]);
}
