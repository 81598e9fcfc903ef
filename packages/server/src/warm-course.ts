import { isLucieError } from '@lucie/ledger';
import type { ChatMessage, ChatModel } from './api/chat-model.ts';

/** What reading in advance needs of an engine. */
export type Warmable = Pick<ChatModel, 'chatPrompt' | 'warm'>;

/** A text, or the beginning of a conversation, that many questions will follow. */
export type Course = string | readonly ChatMessage[];

export interface Warmed {
  tokens: number;
  /** Of these, how many were known already. */
  reused: number;
  /** Whether it is in memory now. */
  kept: boolean;
  /** Whether it is on disk for the next start. */
  stored: boolean;
  /** Where a client must send a text for it to be known again; of messages, just as they were. */
  as: 'system' | 'user' | 'messages';
}

/**
 * Reads a course in advance, so that the first pupil who asks about it does not wait for that. It is read as the system
 * message of a conversation, the way a client must then send it, to the letter; for a template without one it is the
 * beginning of the first question.
 * @throws LucieError `CHAT_TEMPLATE_MISSING`, `CHAT_INVALID`, `PROMPT_TOO_LONG` and others of the engine
 */
export async function warmCourse(
  engine: Warmable,
  course: Course,
  opts: {
    /** What it is, for people who look into the folder. */
    name?: string;
    signal?: AbortSignal;
    /** Is told how many tokens will be read, before they are; may refuse by throwing. */
    admit?: (tokens: number) => void;
  } = {},
): Promise<Warmed> {
  const { admit, ...rest } = opts;
  const read = (tokens: number[]) => {
    admit?.(tokens.length);
    return engine.warm(tokens, rest);
  };
  if (typeof course !== 'string') {
    const tokens = sharedPrefix(engine, (question) => [...course, { role: 'user', content: question }]);
    return { ...(await read(tokens)), as: 'messages' };
  }
  try {
    const tokens = sharedPrefix(engine, (question) => [
      { role: 'system', content: course },
      { role: 'user', content: question },
    ]);
    return { ...(await read(tokens)), as: 'system' };
  } catch (error) {
    if (!isLucieError(error) || error.code !== 'CHAT_INVALID') throw error;
  }
  const tokens = sharedPrefix(engine, (question) => [{ role: 'user', content: `${course}\n\n${question}` }]);
  return { ...(await read(tokens)), as: 'user' };
}

/** What two conversations about the course have in common: exact for any template, whatever it puts where. */
function sharedPrefix(engine: Warmable, conversation: (question: string) => ChatMessage[]): number[] {
  const a = engine.chatPrompt(conversation('Pourquoi ?')).tokens;
  const b = engine.chatPrompt(conversation('Est-ce vrai ?')).tokens;
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return Array.from(a).slice(0, length);
}
