import { Template } from '@huggingface/jinja';
import { LucieError } from '@lucie/ledger';
import type { Vocabulary } from './vocabulary.ts';

export interface ChatMessage {
  role: string;
  content: string;
}

/**
 * Renders a chat template and tokenizes the result. What messages say is text: a control token's text inside a message
 * stays text, so that nobody can close his turn and speak in another's name.
 * @returns tokens of the prompt, and the text they were made from
 * @throws LucieError `CHAT_INVALID` when the template refuses the messages (an unknown role, say)
 */
export function chatPrompt(
  template: string,
  messages: readonly ChatMessage[],
  opts: { vocabulary: Vocabulary; addGenerationPrompt: boolean },
): { text: string; tokens: Uint32Array } {
  const { vocabulary } = opts;
  const controls = [...vocabulary.controls.values()]
    .filter((text) => text !== '')
    .sort((a, b) => b.length - a.length);
  const text = (id: number | undefined) => (id === undefined ? '' : (vocabulary.controls.get(id) ?? ''));
  const render = (shown: readonly ChatMessage[]) =>
    new Template(template).render({
      messages: shown.map(({ role, content }) => ({ role, content })),
      add_generation_prompt: opts.addGenerationPrompt,
      bos_token: text(vocabulary.bos),
      eos_token: text(vocabulary.eos),
    });
  try {
    const sealed = render(messages.map(({ role, content }) => ({ role, content: seal(content, controls) })));
    return { text: render(messages), tokens: tokenizeSealed(sealed, controls, vocabulary) };
  } catch (cause) {
    throw new LucieError({
      code: 'CHAT_INVALID',
      found: `messages that the model's chat template refuses (${cause instanceof Error ? cause.message : String(cause)})`,
      expected: 'messages with the roles and the order that the template knows',
      todo: 'change the messages',
      cause,
    });
  }
}

// Noncharacters (Unicode 3.4, U+FDD0…U+FDEF are for a program's own use): text that holds them loses them.
const OPEN = '\ufdd0';
const CLOSE = '\ufdd1';

function seal(content: string, controls: readonly string[]): string {
  let sealed = content.replaceAll(OPEN, '').replaceAll(CLOSE, '');
  for (const [i, control] of controls.entries()) sealed = sealed.replaceAll(control, `${OPEN}${i}${CLOSE}`);
  return sealed;
}

function tokenizeSealed(sealed: string, controls: readonly string[], vocabulary: Vocabulary): Uint32Array {
  const parts = sealed.split(new RegExp(`${OPEN}(\\d+)${CLOSE}`));
  // `split` with a group alternates text and seal.
  const pieces = parts.map((part, i) =>
    i % 2 === 0 ? vocabulary.tokenize(part, { special: true }) : vocabulary.tokenize(controls[Number(part)]!),
  );
  return Uint32Array.from(pieces.flatMap((piece) => [...piece]));
}
