import { ApiError } from './api-error.ts';
import type { ChatModel, ModelAnswer, ModelChunk, ModelRequest } from './chat-model.ts';
import type { Gate } from './gate.ts';

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details: { cached_tokens: number };
}

/** What every answer tells beyond OpenAI. */
export interface LucieFields {
  energy: { joules: number; method: string };
  gate: Gate | null;
  queued_ms: number;
  /** Only when the request's deadline cut the answer. */
  deadline?: true;
}

/** What is told while the choices are written. */
export interface ChoiceSink {
  piece(index: number, chunk: ModelChunk): void;
  end(index: number, finishReason: 'stop' | 'length'): void;
}

/** The answers to one request, generated side by side: they share the prompt, which the engine reads once. */
export class Choices {
  #answers: ModelAnswer[];
  #promptTokens: number;
  #begun = performance.now();
  #atWork: number | undefined;
  #firstPiece: number | undefined;
  #deadline = false;
  /** Called when the place in line changes. */
  onPlace: (place: number) => void = () => {};

  /** @throws whatever `generate` does; `signal` of the requests must then be fired to end those that had begun */
  constructor(engine: ChatModel, requests: readonly ModelRequest[]) {
    this.#promptTokens = requests[0]!.tokens.length;
    this.#answers = requests.map((request) => engine.generate(request));
    for (const answer of this.#answers) answer.onPlace = () => this.#moved();
    if (this.place === 0) this.#atWork = this.#begun;
  }

  get count(): number {
    return this.#answers.length;
  }

  /** 0 once the first choice is at work, else its place in line from 1. */
  get place(): number {
    return Math.min(...this.#answers.map((answer) => answer.place));
  }

  get completionTokens(): number {
    return this.#answers.reduce((sum, answer) => sum + answer.completionTokens, 0);
  }

  /**
   * Tells all choices to `sink` and resolves at their end.
   * @throws ApiError 504 `deadline_exceeded` when not even one token was written in time; 503 `cancelled`
   */
  async run(sink: ChoiceSink): Promise<void> {
    await Promise.all(this.#answers.map((answer, index) => this.#runOne(answer, index, sink)));
  }

  async #runOne(answer: ModelAnswer, index: number, sink: ChoiceSink): Promise<void> {
    for await (const chunk of answer) {
      if (this.#firstPiece === undefined) this.#first();
      sink.piece(index, chunk);
    }
    const reason = answer.finishReason;
    if (reason === 'deadline') {
      if (this.completionTokens === 0) throw deadlineExceeded();
      this.#deadline = true;
      sink.end(index, 'length');
    } else if (reason === 'stop' || reason === 'length') sink.end(index, reason);
    else throw cancelled();
  }

  usage(): Usage {
    const completion_tokens = this.completionTokens;
    return {
      prompt_tokens: this.#promptTokens,
      completion_tokens,
      total_tokens: this.#promptTokens + completion_tokens,
      // The first choice reads the prompt; the others always find it read.
      prompt_tokens_details: { cached_tokens: this.#answers[0]!.cachedTokens },
    };
  }

  lucie(gate: Gate | null): LucieFields {
    const energies = this.#answers.map((answer) => answer.energy);
    const joules = energies.reduce((sum, energy) => sum + energy.joules, 0);
    return {
      energy: { joules: Number(joules.toPrecision(6)), method: energies[0]!.method },
      gate,
      queued_ms: this.queuedMs,
      ...(this.#deadline ? { deadline: true } : {}),
    };
  }

  /** Time in line, in milliseconds. */
  get queuedMs(): number {
    return Math.round((this.#atWork ?? performance.now()) - this.#begun);
  }

  /** When the first token came, by `performance.now()`; undefined before it. */
  get firstToken(): number | undefined {
    return this.#firstPiece;
  }

  /** How the first choice ended: `stop`, `length` or `deadline`. */
  get finish(): string {
    return this.#answers[0]!.finishReason ?? 'cancelled';
  }

  #moved(): void {
    const { place } = this;
    if (place === 0) this.#atWork ??= performance.now();
    this.onPlace(place);
  }

  #first(): void {
    this.#firstPiece = performance.now();
    this.#atWork ??= this.#firstPiece;
  }
}

function deadlineExceeded(): ApiError {
  return new ApiError({
    status: 504,
    code: 'deadline_exceeded',
    param: 'deadline_ms',
    message: 'The time that this request allows was over before the answer began; ask again, or allow more.',
  });
}

/** Reaches a client only when the server stops; a client that went away hears nothing any more. */
export function cancelled(): ApiError {
  return new ApiError({
    status: 503,
    code: 'cancelled',
    message: 'The answer was cancelled because the server is stopping.',
  });
}
