import { LucieError } from '@lucie/ledger';

/**
 * @param size - tokens of the model: ids are smaller
 * @throws LucieError `TOKEN_UNKNOWN`
 */
export function checkTokens(tokens: ArrayLike<number>, size: number): void {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (Number.isInteger(token) && token >= 0 && token < size) continue;
    throw new LucieError({
      code: 'TOKEN_UNKNOWN',
      found: `token ${token} at place ${i}`,
      expected: `0 to ${size - 1}`,
      todo: "use this model's own tokenizer",
    });
  }
}
