import { setTimeout as delay } from 'node:timers/promises';
import type { ChatModel, GenerateEnd, GenerateOptions, ModelInput, ServedModel } from '../src/index.ts';

/**
 * A whole, if very small, model: a token is a word with the space before it, and the answer is given by `reply`.
 * It counts, stops, cuts and cancels as an engine must.
 */
export class ScriptedModel implements ChatModel {
  readonly contextLength: number;
  /** Every call that was made, and how far it came. */
  readonly calls: { input: ModelInput; options: GenerateOptions; written: number; ended: boolean }[] = [];
  #reply: (text: string) => string;
  #delayMs: number;

  constructor(opts: { reply?: (text: string) => string; contextLength?: number; delayMs?: number } = {}) {
    this.#reply = opts.reply ?? ((text) => `Vous avez dit : ${text}`);
    this.contextLength = opts.contextLength ?? 64;
    this.#delayMs = opts.delayMs ?? 0;
  }

  countTokens(input: ModelInput): number {
    return words(textOf(input)).length;
  }

  async *generate(input: ModelInput, options: GenerateOptions): AsyncGenerator<string, GenerateEnd, void> {
    const call = { input, options, written: 0, ended: false };
    this.calls.push(call);
    try {
      const last = 'messages' in input ? input.messages.at(-1)!.content : input.prompt;
      let answer = this.#reply(last);
      for (const stop of options.stop) {
        const at = answer.indexOf(stop);
        if (at >= 0) answer = answer.slice(0, at);
      }
      for (const word of words(answer)) {
        if (call.written === options.maxTokens)
          return { finishReason: 'length', completionTokens: call.written };
        if (this.#delayMs > 0) await delay(this.#delayMs);
        options.signal.throwIfAborted();
        call.written++;
        yield word;
      }
      return { finishReason: 'stop', completionTokens: call.written };
    } finally {
      call.ended = true;
    }
  }
}

function textOf(input: ModelInput): string {
  return 'messages' in input ? input.messages.map((message) => message.content).join(' ') : input.prompt;
}

function words(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

export function served(engine: ChatModel, name = 'nano'): ServedModel {
  return { name, engine, label: 'modèle de recherche' };
}
