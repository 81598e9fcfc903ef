import type { ChatMessage } from '@lucie/inference';

/**
 * Forgets the oldest questions of a conversation, each with its answer, until what is left and the next answer fit into
 * the context; where the model cannot hold the longest answer at all, half of the context is kept for it.
 * @param messages - a question, an answer, … and the new question; changed in place. Empty when even that alone is too long
 * @param tokensOf - length of these messages as the model's prompt
 * @returns how many questions were forgotten, the new one not counted
 */
export function fitConversation(
  messages: ChatMessage[],
  tokensOf: (messages: readonly ChatMessage[]) => number,
  room: { contextSize: number; answer: number },
): number {
  const most = room.contextSize - Math.min(room.answer, Math.floor(room.contextSize / 2));
  let forgotten = 0;
  while (messages.length > 1 && tokensOf(messages) > most) {
    messages.splice(0, 2);
    forgotten++;
  }
  // Alone a question may take all but one token.
  if (tokensOf(messages) >= room.contextSize) messages.length = 0;
  return forgotten;
}
