import { expect, test } from 'vitest';
import { fitConversation } from '../src/fit-conversation.ts';

const question = (content: string) => ({ role: 'user', content });
const answer = (content: string) => ({ role: 'assistant', content });
/** A token for each letter. */
const tokensOf = (messages: readonly { content: string }[]) => messages.map((m) => m.content).join('').length;

test('chat forgets the oldest questions with their answers, and no more than it must', () => {
  const messages = [question('aaaa'), answer('bbbb'), question('cc'), answer('dd'), question('ee')];
  expect(fitConversation(messages, tokensOf, { contextSize: 18, answer: 4 })).toBe(0);
  expect(messages).toHaveLength(5);
  expect(fitConversation(messages, tokensOf, { contextSize: 17, answer: 4 })).toBe(1);
  expect(messages).toEqual([question('cc'), answer('dd'), question('ee')]);
});

test('chat keeps a question that fits alone, and none that does not', () => {
  const long = [question('a'), answer('b'), question('cccccc')];
  expect(fitConversation(long, tokensOf, { contextSize: 7, answer: 100 })).toBe(1);
  expect(long).toEqual([question('cccccc')]);
  expect(fitConversation(long, tokensOf, { contextSize: 6, answer: 100 })).toBe(0);
  expect(long).toEqual([]);
});
