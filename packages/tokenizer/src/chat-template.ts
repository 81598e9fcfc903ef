import { LucieError } from '@lucie/ledger';
import { z } from 'zod';
import type { Tokenizer } from './tokenizer.ts';

/** Begins a conversation. */
export const BOS = '<s>';
/** Ends a document. */
export const EOS = '</s>';
export const PAD = '<pad>';
export const START_HEADER = '<|start_header_id|>';
export const END_HEADER = '<|end_header_id|>';
/** Ends a message. */
export const EOT = '<|eot_id|>';

/** The special tokens of every tokenizer trained here; the place in this list is the id. */
export const SPECIAL_TOKENS: readonly string[] = [BOS, EOS, PAD, START_HEADER, END_HEADER, EOT];

/** Generation stops at any of these: the first ends an answer, the second a document. */
export const STOP_TOKENS: readonly string[] = [EOT, EOS];

/** The conversation format, as Jinja for `tokenizer_config.json`, `chat_template.jinja` and GGUF. */
export const CHAT_TEMPLATE = [
  '{{- bos_token }}',
  '{%- for message in messages %}',
  `{{- '${START_HEADER}' + message['role'] + '${END_HEADER}\\n\\n' + message['content'] | trim + '${EOT}' }}`,
  '{%- endfor %}',
  '{%- if add_generation_prompt %}',
  `{{- '${START_HEADER}assistant${END_HEADER}\\n\\n' }}`,
  '{%- endif %}',
].join('\n');

export const chatMessage = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
});
export type ChatMessage = z.infer<typeof chatMessage>;

export interface ChatOptions {
  /** Ends with the header of an answer still to be written. */
  addGenerationPrompt?: boolean;
}

/** Ids at which generation stops. */
export function stopTokenIds(tokenizer: Tokenizer): number[] {
  return STOP_TOKENS.map((text) => tokenizer.specialId(text));
}

/**
 * The text that `CHAT_TEMPLATE` gives for these messages. For people and comparisons: a model reads `encodeChat`,
 * where no message can imitate a special token.
 * @throws LucieError `CHAT_INVALID`
 */
export function renderChat(messages: readonly ChatMessage[], opts: ChatOptions = {}): string {
  const parts = checked(messages).map(
    ({ role, content }) => `${START_HEADER}${role}${END_HEADER}\n\n${content.trim()}${EOT}`,
  );
  if (opts.addGenerationPrompt) parts.push(`${START_HEADER}assistant${END_HEADER}\n\n`);
  return BOS + parts.join('');
}

/**
 * The ids of a conversation, and a mask of the same length that is 1 on what the assistant says: the content of its
 * messages and the token that ends them. Contents are encoded as plain text.
 * @throws LucieError `CHAT_INVALID`, `SPECIAL_TOKEN_MISSING`
 */
export function encodeChat(
  tokenizer: Tokenizer,
  messages: readonly ChatMessage[],
  opts: ChatOptions = {},
): { ids: Uint32Array; mask: Uint8Array } {
  const [bos, start, end, eot] = [BOS, START_HEADER, END_HEADER, EOT].map((text) =>
    tokenizer.specialId(text),
  );
  const ids: number[] = [bos!];
  const mask: number[] = [0];
  const put = (more: Iterable<number>, answer: 0 | 1) => {
    for (const id of more) {
      ids.push(id);
      mask.push(answer);
    }
  };
  const header = (role: string) =>
    put([start!, ...tokenizer.encode(role), end!, ...tokenizer.encode('\n\n')], 0);
  for (const { role, content } of checked(messages)) {
    header(role);
    // Encoded apart from the line breaks, as it is when the model answers a prompt that ends with them.
    put([...tokenizer.encode(content.trim()), eot!], role === 'assistant' ? 1 : 0);
  }
  if (opts.addGenerationPrompt) header('assistant');
  return { ids: Uint32Array.from(ids), mask: Uint8Array.from(mask) };
}

function checked(messages: readonly ChatMessage[]): ChatMessage[] {
  const parsed = z.array(chatMessage).safeParse(messages);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new LucieError({
    code: 'CHAT_INVALID',
    found: `${issue.message} at messages.${issue.path.join('.')}`,
    expected: 'messages with a role (system, user, assistant) and a text',
    todo: 'correct the messages',
  });
}
