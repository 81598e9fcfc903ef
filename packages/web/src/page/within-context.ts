import type { Message } from './api.ts';

/**
 * Asks with the whole conversation and, as long as it is too long for the model, again without its oldest exchange.
 * @param ask - throws an error with code `context_length_exceeded` when the messages do not fit
 * @returns the answer and how many messages had to be left out
 * @throws what `ask` throws, also `context_length_exceeded` when the last message alone is too long
 */
export async function askWithinContext<T>(
  messages: Message[],
  ask: (messages: Message[]) => Promise<T>,
): Promise<{ answer: T; left: number }> {
  for (let left = 0; ; left += 2) {
    try {
      return { answer: await ask(messages.slice(left)), left };
    } catch (error) {
      const tooLong = error instanceof Error && 'code' in error && error.code === 'context_length_exceeded';
      if (!tooLong || left + 2 >= messages.length) throw error;
    }
  }
}
