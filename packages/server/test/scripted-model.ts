import { setTimeout as delay } from 'node:timers/promises';
import { type Energy, LucieError } from '@lucie/ledger';
import { fixedModel } from '../src/api/served-model.ts';
import type {
  ChatMessage,
  ChatModel,
  ModelAnswer,
  ModelChunk,
  ModelRequest,
  ServedModel,
} from '../src/index.ts';

/**
 * A whole, if very small, model: a token is a word with the space before it, and the answer is given by `reply`.
 * It counts, stops, cuts, waits in line and cancels as an engine must.
 */
export class ScriptedModel implements ChatModel {
  readonly contextSize: number;
  longestToken?: number;
  /** How often a text was made into tokens. */
  tokenized = 0;
  /** Every generation, with the prompt's text. */
  readonly calls: { prompt: string; request: ModelRequest; answer: ScriptedAnswer }[] = [];
  /** What was read in advance. */
  readonly warmed: { text: string; name?: string }[] = [];
  /** How often embeddings were asked for. */
  embedding = 0;
  #words: string[] = [];
  #reply: (prompt: string) => string;
  #delayMs: number;
  #line: number;
  #lineMs: number;

  /** @param opts.line - places in line before each answer, each left after `lineMs` */
  constructor(
    opts: {
      reply?: (prompt: string) => string;
      contextSize?: number;
      delayMs?: number;
      line?: number;
      lineMs?: number;
    } = {},
  ) {
    this.#reply = opts.reply ?? ((prompt) => `Vous avez dit : ${prompt}`);
    this.contextSize = opts.contextSize ?? 64;
    this.#delayMs = opts.delayMs ?? 0;
    this.#line = opts.line ?? 0;
    this.#lineMs = opts.lineMs ?? 5;
  }

  tokenize(text: string): Uint32Array {
    this.tokenized++;
    return Uint32Array.from(words(text), (word) => {
      const known = this.#words.indexOf(word);
      return known >= 0 ? known : this.#words.push(word) - 1;
    });
  }

  detokenize(tokens: ArrayLike<number>): string {
    return Array.from(tokens, (token) => {
      const word = this.#words[token];
      if (word !== undefined) return word;
      throw new LucieError({
        code: 'TOKEN_UNKNOWN',
        found: `token ${token}`,
        expected: `0 to ${this.#words.length - 1}`,
        todo: "use this model's own tokenizer",
      });
    }).join('');
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
    const prompt = this.detokenize(request.tokens);
    let text = this.#reply(prompt);
    for (const stop of request.stop) if (text.includes(stop)) text = text.slice(0, text.indexOf(stop));
    const answer = new ScriptedAnswer(words(text), request, {
      delayMs: this.#delayMs,
      line: this.#line,
      lineMs: this.#lineMs,
    });
    this.calls.push({ prompt, request, answer });
    return answer;
  }

  async warm(tokens: ArrayLike<number>, opts: { name?: string; signal?: AbortSignal }) {
    await delay(this.#delayMs, undefined, opts.signal && { signal: opts.signal });
    const text = this.detokenize(tokens);
    const reused = this.warmed.some((known) => known.text === text) ? tokens.length : 0;
    this.warmed.push({ text, ...(opts.name !== undefined && { name: opts.name }) });
    return { tokens: tokens.length, reused, kept: true, stored: false };
  }

  /** Takes as long as a word does, for each text. */
  async embed(
    inputs: ArrayLike<number>[],
    opts: { dimensions?: number; signal?: AbortSignal },
  ): Promise<{ vectors: Float32Array[]; energy: Energy; queuedMs: number }> {
    this.embedding++;
    await delay(this.#delayMs * inputs.length, undefined, opts.signal && { signal: opts.signal });
    const vectors = inputs.map((tokens) => {
      this.detokenize(tokens);
      const vector = new Float32Array(opts.dimensions ?? 4);
      vector[tokens[0]! % vector.length] = 1;
      return vector;
    });
    return { vectors, energy: { joules: 0.25 * inputs.length, method: 'estimate' }, queuedMs: 6.6 };
  }
}

/** A token for each turn of the event loop, as a decoder's steps are. */
export class SteppingModel extends ScriptedModel {
  override generate(request: ModelRequest) {
    const answer = super.generate(request);
    const words = answer[Symbol.asyncIterator].bind(answer);
    answer[Symbol.asyncIterator] = async function* () {
      for await (const word of { [Symbol.asyncIterator]: words }) {
        await new Promise((resolve) => setImmediate(resolve));
        yield word;
      }
    };
    return answer;
  }
}

class ScriptedAnswer implements ModelAnswer {
  finishReason: ModelAnswer['finishReason'];
  completionTokens = 0;
  readonly cachedTokens: number;
  onPlace?: (place: number) => void;
  place: number;
  #words: string[];
  #request: ModelRequest;
  #delayMs: number;
  #lineMs: number;

  constructor(
    texts: string[],
    request: ModelRequest,
    opts: { delayMs: number; line: number; lineMs: number },
  ) {
    this.#words = texts;
    this.#request = request;
    this.#delayMs = opts.delayMs;
    this.#lineMs = opts.lineMs;
    this.place = opts.line;
    this.cachedTokens = request.tokens.length - 1;
  }

  get energy() {
    return { joules: 0.5 * this.completionTokens, method: 'estimate' as const };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ModelChunk> {
    const { signal, maxTokens, deadlineMs = Number.POSITIVE_INFINITY } = this.#request;
    const begun = performance.now();
    const over = () => {
      if (signal.aborted) this.finishReason = 'cancelled';
      else if (performance.now() - begun >= deadlineMs) this.finishReason = 'deadline';
      return this.finishReason !== undefined;
    };
    while (this.place > 0) {
      await delay(this.#lineMs);
      if (over()) return;
      this.place--;
      this.onPlace?.(this.place);
    }
    for (const text of this.#words) {
      if (this.#delayMs > 0) await delay(this.#delayMs);
      if (over()) return;
      if (this.completionTokens === maxTokens) {
        this.finishReason = 'length';
        return;
      }
      this.completionTokens++;
      yield this.#chunk(text);
    }
    this.finishReason = 'stop';
  }

  /** The chosen word at one half; the others of the top share what is left. */
  #chunk(text: string): ModelChunk {
    const bytes = new TextEncoder().encode(text);
    const { topLogprobs } = this.#request;
    if (topLogprobs === undefined) return { text, bytes };
    const others = Array.from({ length: Math.max(0, topLogprobs - 1) }, (_, i) => ({
      bytes: new TextEncoder().encode(` autre${i}`),
      logprob: Math.log(0.25 / 2 ** i),
    }));
    const top = topLogprobs > 0 ? [{ bytes, logprob: Math.log(0.5) }, ...others] : [];
    return { text, bytes, logprob: Math.log(0.5), top };
  }
}

function words(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

export function served(engine: ChatModel, name = 'nano'): ServedModel {
  return fixedModel(name, engine);
}
