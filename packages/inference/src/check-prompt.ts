import { LucieError } from '@lucie/ledger';
import type { Vocabulary } from './native/vocabulary.ts';

/**
 * A prompt is taken whole or refused, never cut.
 * @param most - tokens that it may have
 * @throws LucieError `TOKEN_UNKNOWN`, `PROMPT_EMPTY`, `PROMPT_TOO_LONG`
 */
export function checkPrompt(tokens: ArrayLike<number>, most: number, vocabulary: Vocabulary): void {
  vocabulary.check(tokens);
  if (tokens.length === 0) {
    throw new LucieError({
      code: 'PROMPT_EMPTY',
      found: 'a prompt without tokens',
      expected: 'at least one token',
      todo: 'write something to go on from',
    });
  }
  if (tokens.length <= most) return;
  throw new LucieError({
    code: 'PROMPT_TOO_LONG',
    found: `a prompt of ${tokens.length} tokens`,
    expected: `at most ${most}, which leaves room for an answer in the context`,
    todo: 'shorten the prompt, or the conversation',
  });
}
