import { isLucieError, LucieError } from '@lucie/ledger';
import type { GgufHeader } from '../gguf/gguf-file.ts';
import type { Vocabulary } from '../native/vocabulary.ts';
import { renderTemplate } from './render-template.ts';
import { CLOSE, marksIn, OPEN, plainTokens, seal, unmarked } from './seal.ts';

export interface ChatMessage {
  role: string;
  content: string;
}

export interface ChatPromptOptions {
  vocabulary: Vocabulary;
  addGenerationPrompt: boolean;
  /** Tokenize each message apart from the template around it, as models of this project are trained. */
  separate: boolean;
}

/** Jinja text; undefined for a model that does not chat. */
export function chatTemplateOf(metadata: GgufHeader['metadata']): string | undefined {
  const [own, chosen] = ['', '.default'].map((which) => metadata.get(`tokenizer.chat_template${which}`));
  return typeof own === 'string' ? own : typeof chosen === 'string' ? chosen : undefined;
}

/**
 * Renders a chat template and tokenizes the result. What messages say is text: a control token's text inside a message
 * stays text, so that nobody can close his turn and speak in another's name. (Where a family writes its turns in plain
 * text, as Llama 2 does with `[INST]`, no tokenizer can tell them apart.) A system message that the template does not
 * know (Gemma) goes before the first question.
 * @returns tokens of the prompt, and the text they stand for
 * @throws LucieError `CHAT_INVALID` when the template refuses the messages (an unknown role, say), `TEMPLATE_ENDLESS`
 */
export function chatPrompt(
  template: string,
  messages: readonly ChatMessage[],
  opts: ChatPromptOptions,
): { text: string; tokens: Uint32Array } {
  const { vocabulary } = opts;
  const marks = marksIn(template, vocabulary);
  let sealed: string;
  try {
    sealed = renderWithSystem(template, sealedMessages(messages, marks, opts.separate), opts);
  } catch (cause) {
    if (isLucieError(cause)) throw cause;
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
  const tokens = pieces.flatMap((piece, i) =>
    i % 2 === 0 ? [...vocabulary.tokenize(piece, { special: true })] : plainTokens(piece, marks, vocabulary),
  );
  // Some templates write the token that begins a text, others leave it to the tokenizer: it stands there once.
  const { bos } = vocabulary;
  if (vocabulary.addsBos && bos !== undefined && tokens[0] !== bos) tokens.unshift(bos);
  return { text: pieces.join(''), tokens: Uint32Array.from(tokens) };
}

function sealedMessages(
  messages: readonly ChatMessage[],
  marks: readonly string[],
  separate: boolean,
): ChatMessage[] {
  return messages.map(({ role, content }) => {
    if (!/^[\w-]{1,32}$/.test(role)) throw new RangeError(`the role ${JSON.stringify(role.slice(0, 40))}`);
    const text = unmarked(content);
    return { role, content: separate || marks.some((mark) => text.includes(mark)) ? seal(text) : text };
  });
}

function renderWithSystem(
  template: string,
  messages: readonly ChatMessage[],
  opts: ChatPromptOptions,
): string {
  try {
    return render(template, messages, opts);
  } catch (error) {
    const [system, first, ...rest] = messages;
    if (isLucieError(error)) throw error;
    if (system?.role !== 'system' || first?.role !== 'user') throw error;
    const question = { role: 'user', content: `${system.content}\n\n${first.content}` };
    return render(template, [question, ...rest], opts);
  }
}

function render(template: string, messages: readonly ChatMessage[], opts: ChatPromptOptions): string {
  const { vocabulary } = opts;
  const control = (id: number | undefined) => (id === undefined ? '' : (vocabulary.controls.get(id) ?? ''));
  return renderTemplate(template, {
    messages,
    add_generation_prompt: opts.addGenerationPrompt,
    bos_token: control(vocabulary.bos),
    eos_token: control(vocabulary.eos),
    // As the library that templates are written for gives them: there, but nothing.
    tools: null,
    documents: null,
  });
}
