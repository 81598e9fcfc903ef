import { isLucieError } from '@lucie/ledger';
import type { ChatMessage, ChatModel, ModelAnswer, ModelUse, ServedModel } from '../api/chat-model.ts';
import { cancelled } from '../api/choices.ts';
import { modelRequests } from '../api/model-requests.ts';

/** Longest answer that a room's model writes; each of its sentences is checked. */
const MAX_TOKENS = 512;

/** A model that writes for a room, and what that took so far. It is held from its first word to its disposal. */
export class ModelPen implements AsyncDisposable {
  promptTokens = 0;
  cachedTokens = 0;
  completionTokens = 0;
  queuedMs = 0;
  energy: { joules: number; method: string } | undefined;
  #model: ServedModel;
  #room: string | undefined;
  #signal: AbortSignal;
  #admit: (tokens: number) => void;
  #use: Promise<ModelUse> | undefined;

  /** @param opts.admit - is told the most tokens that the answer may take, before it begins; may refuse by throwing */
  constructor(
    model: ServedModel,
    opts: { room: string | undefined; signal: AbortSignal; admit: (tokens: number) => void },
  ) {
    this.#model = model;
    this.#room = opts.room;
    this.#signal = opts.signal;
    this.#admit = opts.admit;
  }

  /**
   * What the model says to these messages, the likeliest word each time, in pieces. Who stops reading ends it.
   * @throws ApiError 400 `context_length_exceeded`; LucieError those of the engine
   */
  write = async function* (
    this: ModelPen,
    messages: readonly ChatMessage[],
    signal?: AbortSignal,
  ): AsyncGenerator<string> {
    this.#use ??= this.#model.use(this.#signal);
    const { engine } = await this.#use;
    const left = new AbortController();
    const tokens = promptTokens(engine, messages);
    const { name } = this.#model;
    const request = modelRequests({ name, contextSize: engine.contextSize }, tokens, {
      fields: { temperature: 0, seed: 0, ...(this.#room === undefined ? {} : { room: this.#room }) },
      wanted: { maxTokens: MAX_TOKENS, param: 'question' },
      signal: AbortSignal.any([this.#signal, left.signal, ...(signal ? [signal] : [])]),
    })[0]!;
    if (this.promptTokens === 0) this.#admit(tokens.length + request.maxTokens);
    this.promptTokens += tokens.length;
    const begun = performance.now();
    const answer = engine.generate(request);
    let waiting = true;
    try {
      for await (const { text } of answer) {
        if (waiting) this.queuedMs += Math.round(performance.now() - begun);
        waiting = false;
        yield text;
      }
      if (answer.finishReason === 'cancelled') throw cancelled();
    } finally {
      left.abort();
      this.#count(answer);
    }
  }.bind(this);

  #count(answer: ModelAnswer): void {
    this.completionTokens += answer.completionTokens;
    this.cachedTokens += answer.cachedTokens;
    const { joules, method } = answer.energy;
    this.energy = { joules: (this.energy?.joules ?? 0) + joules, method };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A model that could not be loaded is not held.
    const use = await this.#use?.catch(() => undefined);
    use?.[Symbol.dispose]();
  }
}

/** Templates that know no system message get it before the question. */
function promptTokens(engine: ChatModel, messages: readonly ChatMessage[]): ArrayLike<number> {
  try {
    return engine.chatPrompt(messages).tokens;
  } catch (error) {
    const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
    if (!isLucieError(error) || error.code !== 'CHAT_INVALID' || system.length === 0) throw error;
    const [first, ...rest] = messages.filter(({ role }) => role !== 'system');
    if (!first) throw error;
    return engine.chatPrompt([{ ...first, content: [...system, first.content].join('\n\n') }, ...rest])
      .tokens;
  }
}
