import { isLucieError } from '@lucie/ledger';
import type { ChatMessage } from './api/chat-model.ts';

/** What reading in advance needs of an engine. */
export interface Warmable {
  chatPrompt(messages: readonly ChatMessage[]): { tokens: ArrayLike<number> };
  warm(tokens: ArrayLike<number>): Promise<{ tokens: number; reused: number }>;
}

/**
 * Reads a course in advance, so that the first pupil who asks about it does not wait for that. It is read as the system
 * message of a conversation, the way a client must then send it, to the letter; for a template without one it is the
 * beginning of the first question.
 * @throws LucieError `CHAT_TEMPLATE_MISSING`, `PROMPT_TOO_LONG` and others of the engine
 */
export async function warmCourse(
  engine: Warmable,
  course: string,
): Promise<{ tokens: number; reused: number; as: 'system' | 'user' }> {
  try {
    const tokens = sharedPrefix(engine, (question) => [
      { role: 'system', content: course },
      { role: 'user', content: question },
    ]);
    return { ...(await engine.warm(tokens)), as: 'system' };
  } catch (error) {
    if (!isLucieError(error) || error.code !== 'CHAT_INVALID') throw error;
  }
  const tokens = sharedPrefix(engine, (question) => [{ role: 'user', content: `${course}\n\n${question}` }]);
  return { ...(await engine.warm(tokens)), as: 'user' };
}

/** What two conversations about the course have in common: exact for any template, whatever it puts where. */
function sharedPrefix(engine: Warmable, conversation: (question: string) => ChatMessage[]): number[] {
  const a = engine.chatPrompt(conversation('Pourquoi ?')).tokens;
  const b = engine.chatPrompt(conversation('Est-ce vrai ?')).tokens;
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return Array.from(a).slice(0, length);
}
