import { setTimeout as delay } from 'node:timers/promises';
import { LucieError } from '@lucie/ledger';
import type { ChatMessage, ChatModel, ModelAnswer, ModelRequest, ServedModel } from '../src/index.ts';

/**
 * A whole, if very small, model: a token is a word with the space before it, and the answer is given by `reply`.
 * It counts, stops, cuts and cancels as an engine must.
 */
export class ScriptedModel implements ChatModel {
  readonly contextSize: number;
  /** Every generation, with the prompt's text. */
  readonly calls: { prompt: string; request: ModelRequest; answer: ScriptedAnswer }[] = [];
  #words: string[] = [];
  #reply: (prompt: string) => string;
  #delayMs: number;

  constructor(opts: { reply?: (prompt: string) => string; contextSize?: number; delayMs?: number } = {}) {
    this.#reply = opts.reply ?? ((prompt) => `Vous avez dit : ${prompt}`);
    this.contextSize = opts.contextSize ?? 64;
    this.#delayMs = opts.delayMs ?? 0;
  }

  tokenize(text: string): Uint32Array {
    return Uint32Array.from(words(text), (word) => {
      const known = this.#words.indexOf(word);
      return known >= 0 ? known : this.#words.push(word) - 1;
    });
  }

  chatPrompt(messages: readonly ChatMessage[]): { tokens: Uint32Array } {
    const stranger = messages.find(({ role }) => !['system', 'user', 'assistant'].includes(role));
    if (stranger || messages.at(-1)!.role !== 'user') {
      // As a chat template refuses what it does not know.
      throw new LucieError({
        code: 'CHAT_INVALID',
        found: `messages with the role ${stranger?.role ?? messages.at(-1)!.role}`,
        expected: 'system, user and assistant, the user last',
        todo: 'change the messages',
      });
    }
    return { tokens: this.tokenize(messages.map(({ content }) => content).join(' ')) };
  }

  generate(request: ModelRequest): ModelAnswer {
    const prompt = Array.from(request.tokens, (token) => this.#words[token]!).join('');
    let text = this.#reply(prompt);
    for (const stop of request.stop) if (text.includes(stop)) text = text.slice(0, text.indexOf(stop));
    const answer = new ScriptedAnswer(words(text), request, this.#delayMs);
    this.calls.push({ prompt, request, answer });
    return answer;
  }
}

class ScriptedAnswer implements ModelAnswer {
  finishReason: ModelAnswer['finishReason'];
  completionTokens = 0;
  #words: string[];
  #request: ModelRequest;
  #delayMs: number;

  constructor(texts: string[], request: ModelRequest, delayMs: number) {
    this.#words = texts;
    this.#request = request;
    this.#delayMs = delayMs;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<{ text: string }> {
    const { signal, maxTokens } = this.#request;
    for (const text of this.#words) {
      if (this.#delayMs > 0) await delay(this.#delayMs);
      if (signal.aborted) {
        this.finishReason = 'cancelled';
        return;
      }
      if (this.completionTokens === maxTokens) {
        this.finishReason = 'length';
        return;
      }
      this.completionTokens++;
      yield { text };
    }
    this.finishReason = 'stop';
  }
}

function words(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

export function served(engine: ChatModel, name = 'nano'): ServedModel {
  return { name, engine, label: 'modèle de recherche' };
}
