import type { ModelChunk } from './chat-model.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A token as text; part of a character is written as its bytes, as OpenAI does, so that no two tokens look alike. */
export function tokenText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return `bytes:${Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}`;
  }
}

/** True for a token to tell about: control tokens have no bytes and are no part of an answer. */
export function hasLogprob(chunk: ModelChunk): chunk is ModelChunk & { logprob: number } {
  return chunk.logprob !== undefined && chunk.bytes.length > 0;
}

/** JSON knows no -Infinity: the least that OpenAI gives. */
const LEAST = -9999;

const finite = (logprob: number) => Math.max(logprob, LEAST);

/** `logprobs` of chat completions. */
export function chatLogprobs(chunks: readonly ModelChunk[]): object {
  const entry = (token: { bytes: Uint8Array; logprob: number }) => ({
    token: tokenText(token.bytes),
    logprob: finite(token.logprob),
    bytes: [...token.bytes],
  });
  return {
    content: chunks
      .filter(hasLogprob)
      .map((chunk) => ({ ...entry(chunk), top_logprobs: (chunk.top ?? []).map(entry) })),
    refusal: null,
  };
}

/**
 * `logprobs` of completions, the older shape.
 * @param offset - characters of the answer before these tokens
 */
export function completionLogprobs(chunks: readonly ModelChunk[], offset: number): object {
  const tokens: string[] = [];
  const token_logprobs: number[] = [];
  const top_logprobs: Record<string, number>[] = [];
  const text_offset: number[] = [];
  let at = offset;
  for (const chunk of chunks) {
    if (hasLogprob(chunk)) {
      tokens.push(tokenText(chunk.bytes));
      token_logprobs.push(finite(chunk.logprob));
      // From entries, so that a token called `__proto__` is a key like any other.
      top_logprobs.push(
        Object.fromEntries((chunk.top ?? []).map((token) => [tokenText(token.bytes), finite(token.logprob)])),
      );
      text_offset.push(at);
    }
    at += chunk.text.length;
  }
  return { tokens, token_logprobs, top_logprobs, text_offset };
}
