import { Template } from '@huggingface/jinja';
import { LucieError } from '@lucie/ledger';
import type { Vocabulary } from '../native/vocabulary.ts';

export interface ChatMessage {
  role: string;
  content: string;
}

/**
 * Renders a chat template and tokenizes the result. What messages say is text: a control token's text inside a message
 * stays text, so that nobody can close his turn and speak in another's name.
 * @param opts.separate - tokenize each message apart from the template around it, as our models are trained; a
 * SentencePiece vocabulary would give other tokens then
 * @returns tokens of the prompt, and the text they stand for
 * @throws LucieError `CHAT_INVALID` when the template refuses the messages (an unknown role, say)
 */
export function chatPrompt(
  template: string,
  messages: readonly ChatMessage[],
  opts: { vocabulary: Vocabulary; addGenerationPrompt: boolean; separate: boolean },
): { text: string; tokens: Uint32Array } {
  const { vocabulary } = opts;
  const control = (id: number | undefined) => (id === undefined ? '' : (vocabulary.controls.get(id) ?? ''));
  const isApart = (content: string) =>
    opts.separate || vocabulary.controls.values().some((text) => text !== '' && content.includes(text));
  let sealed: string;
  try {
    sealed = new Template(template).render({
      messages: messages.map(({ role, content }) => ({
        role: checkedRole(role),
        content: isApart(content) ? seal(unsealed(content)) : unsealed(content),
      })),
      add_generation_prompt: opts.addGenerationPrompt,
      bos_token: control(vocabulary.bos),
      eos_token: control(vocabulary.eos),
    });
  } catch (cause) {
    throw new LucieError({
      code: 'CHAT_INVALID',
      found: `messages that the model's chat template refuses (${cause instanceof Error ? cause.message : String(cause)})`,
      expected: 'messages with the roles and the order that the template knows',
      todo: 'change the messages',
      cause,
    });
  }
  // `split` with a group alternates the template's text and the messages'.
  const pieces = sealed.split(new RegExp(`${OPEN}([^]*?)${CLOSE}`));
  const tokens = pieces.flatMap((piece, i) => [...vocabulary.tokenize(piece, { special: i % 2 === 0 })]);
  return { text: pieces.join(''), tokens: Uint32Array.from(tokens) };
}

// Noncharacters: Unicode keeps U+FDD0 to U+FDEF for a program's own use. Messages that hold them lose them.
const OPEN = '\ufdd0';
const CLOSE = '\ufdd1';

/** White space stays outside the marks, so that a template that trims still finds it. */
function seal(content: string): string {
  const core = content.trim();
  if (core === '') return content;
  const start = content.indexOf(core);
  return `${content.slice(0, start)}${OPEN}${core}${CLOSE}${content.slice(start + core.length)}`;
}

function checkedRole(role: string): string {
  if (/^[\w-]{1,32}$/.test(role)) return role;
  throw new RangeError(`the role ${JSON.stringify(role.slice(0, 40))}`);
}

function unsealed(text: string): string {
  return text.replaceAll(OPEN, '').replaceAll(CLOSE, '');
}
