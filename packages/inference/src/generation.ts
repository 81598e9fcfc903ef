import { LucieError, Random } from '@lucie/ledger';
import { type SamplingOptions, sample, samplingDefaults } from './sampling/sampling.ts';
import { StopStrings } from './sampling/stop-strings.ts';

/** Why a generation ended: by itself (stop token or string), at its limit, or because the caller wanted no more. */
export type FinishReason = 'stop' | 'length' | 'cancelled';

export interface GenerateOptions extends SamplingOptions {
  /** Text to go on from, tokenized without control tokens; or `tokens`. */
  prompt?: string;
  tokens?: ArrayLike<number>;
  /** Default: what is left of the context. */
  maxTokens?: number;
  /** The same seed, prompt and options draw the same tokens when the engine serves one sequence. Default 0. */
  seed?: number;
  /** Texts that end the generation; they are not part of it. */
  stop?: readonly string[];
  /** Tokens that end the generation. Default: the model's own. */
  stopIds?: Iterable<number>;
  signal?: AbortSignal;
}

/** One sampled token. */
export interface Chunk {
  token: number;
  /** Text that this token makes certain: may be empty (part of a character or of a stop string), always whole characters. */
  text: string;
  /** Natural logarithm of the token's probability under the raw logits. */
  logprob: number;
}

interface Request {
  prompt: readonly number[];
  /** Positions there are. */
  contextLength: number;
  stopIds: ReadonlySet<number>;
  bytesOf: (token: number) => Uint8Array;
}

/**
 * A running generation. Iterate it once for its chunks; breaking off, or the signal, cancels it.
 * `finishReason` is known when the iteration has ended.
 */
export class Generation implements AsyncIterable<Chunk> {
  readonly promptTokens: number;
  finishReason: FinishReason | undefined;
  /** Tokens sampled so far, the stop token included. */
  completionTokens = 0;
  /** @internal prompt and completion: what the sequence consists of. */
  readonly tokens: number[];
  /** @internal how many of `tokens` have been decoded. */
  decoded = 0;

  #request: Request;
  #maxTokens: number;
  #sampling: Required<SamplingOptions> & { random: Random };
  #stops: StopStrings;
  #decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
  #queue: Chunk[] = [];
  #error: unknown;
  #wake: () => void = () => {};
  #signal: AbortSignal | undefined;
  // A signal may live as long as a server: it must not hold on to what has ended.
  #onAbort = () => this.cancel();

  constructor(request: Request, opts: GenerateOptions) {
    this.#request = request;
    this.tokens = [...request.prompt];
    this.promptTokens = this.tokens.length;
    this.#maxTokens = Math.min(opts.maxTokens ?? Infinity, request.contextLength - this.promptTokens);
    this.#sampling = samplingFrom(opts);
    this.#stops = new StopStrings(opts.stop ?? []);
    this.#signal = opts.signal;
    if (opts.signal?.aborted) this.cancel();
    else opts.signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (this.#maxTokens <= 0) this.#finish('length');
  }

  get finished(): boolean {
    return this.finishReason !== undefined || this.#error !== undefined;
  }

  cancel(): void {
    if (!this.finished) this.#finish('cancelled');
  }

  /** @internal ends the iteration with an error. */
  fail(error: unknown): void {
    if (this.finished) return;
    this.#error = error;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#wake();
  }

  /** @internal samples the next token from the logits at the end of the sequence. */
  accept(logits: Float32Array): void {
    if (this.finished) return;
    const drawn = sample(logits, this.tokens, this.#sampling);
    this.completionTokens++;
    if (this.#request.stopIds.has(drawn.token)) {
      this.#last(drawn, this.#stops.flush(), 'stop');
      return;
    }
    this.tokens.push(drawn.token);
    const piece = this.#decoder.decode(this.#request.bytesOf(drawn.token), { stream: true });
    const text = this.#stops.push(piece);
    if (this.#stops.matched !== undefined) this.#last(drawn, text, 'stop');
    else if (this.completionTokens >= this.#maxTokens)
      this.#last(drawn, text + this.#stops.flush(), 'length');
    else this.#push({ ...drawn, text });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Chunk, void> {
    try {
      for (;;) {
        while (this.#queue.length > 0) yield this.#queue.shift()!;
        if (this.#error !== undefined) throw this.#error;
        if (this.finishReason !== undefined) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      this.cancel();
    }
  }

  /** The whole text, when nobody iterates. */
  async text(): Promise<string> {
    let text = '';
    for await (const chunk of this) text += chunk.text;
    return text;
  }

  #last(drawn: { token: number; logprob: number }, text: string, reason: FinishReason): void {
    this.#push({ ...drawn, text });
    this.#finish(reason);
  }

  #push(chunk: Chunk): void {
    this.#queue.push(chunk);
    this.#wake();
  }

  #finish(reason: FinishReason): void {
    this.finishReason = reason;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#wake();
  }
}

/** @throws LucieError `OPTION_INVALID` */
function samplingFrom(opts: GenerateOptions): Required<SamplingOptions> & { random: Random } {
  const sampling = {
    temperature: opts.temperature ?? samplingDefaults.temperature,
    topK: opts.topK ?? samplingDefaults.topK,
    topP: opts.topP ?? samplingDefaults.topP,
    minP: opts.minP ?? samplingDefaults.minP,
    repetitionPenalty: opts.repetitionPenalty ?? samplingDefaults.repetitionPenalty,
  };
  const seed = opts.seed ?? 0;
  const checks: [name: string, value: number, fits: boolean, expected: string][] = [
    [
      'temperature',
      sampling.temperature,
      sampling.temperature >= 0 && sampling.temperature <= 100,
      '0 to 100',
    ],
    ['topK', sampling.topK, Number.isInteger(sampling.topK) && sampling.topK >= 0, 'a whole number from 0'],
    ['topP', sampling.topP, sampling.topP > 0 && sampling.topP <= 1, 'more than 0, at most 1'],
    ['minP', sampling.minP, sampling.minP >= 0 && sampling.minP <= 1, '0 to 1'],
    [
      'repetitionPenalty',
      sampling.repetitionPenalty,
      sampling.repetitionPenalty > 0 && sampling.repetitionPenalty <= 100,
      'more than 0, at most 100',
    ],
    ['seed', seed, Number.isSafeInteger(seed), 'a whole number'],
  ];
  for (const [name, value, fits, expected] of checks) {
    if (fits) continue;
    throw new LucieError({
      code: 'OPTION_INVALID',
      found: `${name} ${value}`,
      expected,
      todo: `give ${name} another value`,
      exitCode: 2,
    });
  }
  return { ...sampling, random: new Random(seed, 'sampling') };
}
