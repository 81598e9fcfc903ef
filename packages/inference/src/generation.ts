import type { Energy } from '@lucie/ledger';
import { type GenerateOptions, MOST_DEADLINE_MS } from './generate-options.ts';
import type { Scope } from './prefix/prefix-node.ts';
import type { Sampled } from './sampling/sampler.ts';
import { StopStrings } from './sampling/stop-strings.ts';
import type { Work } from './scheduler/work.ts';

/**
 * Why a generation ended: by itself (stop token or string, a complete grammar), at its limit, because the caller wanted
 * no more, or because its time was over.
 */
export type FinishReason = 'stop' | 'length' | 'cancelled' | 'deadline';

/** One sampled token. */
export interface Chunk {
  token: number;
  /** Text that this token makes certain: may be empty (part of a character or of a stop string), always whole characters. */
  text: string;
  /** The token's own bytes. */
  bytes: Uint8Array;
  /** Natural logarithm of the token's probability under the raw logits, when `topLogprobs` is given. */
  logprob?: number;
  /** The likeliest tokens under the raw logits, as many as `topLogprobs` says. */
  top?: { token: number; bytes: Uint8Array; logprob: number }[];
}

/** What a generation needs of its engine. */
export interface GenerationRequest {
  prompt: readonly number[];
  /** Positions there are. */
  contextLength: number;
  stopIds: ReadonlySet<number>;
  bytesOf: (token: number) => Uint8Array;
  sampler: {
    sample(logits: Float32Array, history: readonly number[]): Sampled;
    readonly complete: boolean;
  };
  /** Its place in line, 0 when it is not there. */
  placeOf: (work: Work) => number;
}

/** An answer's expected length, for whose turn it is: what is really used is charged in the end. */
const EXPECTED_ANSWER = 64;

/**
 * A running generation. Iterate it once for its chunks; breaking off, or the signal, cancels it.
 * `finishReason` is known when the iteration has ended.
 */
export class Generation implements AsyncIterable<Chunk>, Work {
  readonly promptTokens: number;
  /** Prompt tokens that came from a shared prefix instead of being read. */
  cachedTokens = 0;
  /** Tokens sampled so far, the stop token included. */
  completionTokens = 0;
  finishReason: FinishReason | undefined;
  /** Called whenever the place in line has changed, with 0 at last. */
  onPlace: ((place: number) => void) | undefined;

  /** @internal */
  readonly tokens: number[];
  /** @internal */
  readonly room: string;
  /** @internal */
  readonly person: string;
  /** @internal */
  readonly scope: Scope;
  /** @internal */
  readonly reuse: boolean;
  /** @internal */
  readonly alone: boolean;
  /** @internal */
  readonly asksNothing = false;
  /** @internal */
  readonly cost: number;

  #request: GenerationRequest;
  #maxTokens: number;
  #stops: StopStrings;
  #decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
  #queue: Chunk[] = [];
  #error: unknown;
  #wake: () => void = () => {};
  #energy: Energy = { joules: 0, method: 'estimate' };
  #began = false;
  #toldPlace = -1;
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;
  // A signal may live as long as a server: it must not hold on to what has ended.
  #onAbort = () => this.cancel();

  constructor(request: GenerationRequest, opts: GenerateOptions) {
    this.#request = request;
    this.tokens = [...request.prompt];
    this.promptTokens = this.tokens.length;
    this.#maxTokens = Math.min(opts.maxTokens ?? Infinity, request.contextLength - this.promptTokens);
    this.#stops = new StopStrings(opts.stop ?? []);
    this.room = opts.room ?? '';
    this.person = opts.person ?? '';
    // Those without a room share one, that of nobody.
    this.scope = this.room;
    this.reuse = opts.cachePrompt ?? true;
    this.alone = opts.deterministic ?? false;
    this.cost = this.promptTokens + Math.min(this.#maxTokens, EXPECTED_ANSWER);
    if (this.#maxTokens <= 0) this.#finish('length');
    else if (opts.signal?.aborted) this.#finish('cancelled');
    else this.#watch(opts.signal, opts.deadlineMs);
  }

  get finished(): boolean {
    return this.finishReason !== undefined || this.#error !== undefined;
  }

  /** 0 once at work, else the place in line from 1. */
  get place(): number {
    return this.#began || this.finished ? 0 : this.#request.placeOf(this);
  }

  /** This answer's share of what the engine has used, so far: each step's, by its tokens. */
  get energy(): Energy {
    return this.#energy;
  }

  cancel(): void {
    this.#finish('cancelled');
  }

  /** @internal */
  moved(): void {
    const place = this.place;
    if (place === this.#toldPlace) return;
    this.#toldPlace = place;
    try {
      this.onPlace?.(place);
    } catch (error) {
      this.fail(error);
    }
  }

  /** @internal */
  began(cached: number): void {
    if (this.#began) return;
    this.#began = true;
    this.cachedTokens = Math.min(cached, this.promptTokens);
    this.moved();
  }

  /** @internal */
  spend({ joules, method }: Energy): void {
    this.#energy = { joules: this.#energy.joules + joules, method };
  }

  /** @internal ends the iteration with an error. */
  fail(error: unknown): void {
    if (this.finished) return;
    this.#error = error;
    this.#end();
  }

  /** @internal samples the next token from the logits at the end of the sequence. */
  accept(logits: Float32Array): boolean {
    if (this.finished) return false;
    const { sampler, stopIds, bytesOf } = this.#request;
    const drawn = sampler.sample(logits, this.tokens);
    const bytes = bytesOf(drawn.token);
    this.completionTokens++;
    if (stopIds.has(drawn.token)) {
      this.#push(drawn, bytes, this.#stops.flush());
      this.#finish('stop');
      return true;
    }
    this.tokens.push(drawn.token);
    const text = this.#stops.push(this.#decoder.decode(bytes, { stream: true }));
    const reason = this.#endsWith(sampler.complete);
    this.#push(drawn, bytes, reason && this.#stops.matched === undefined ? text + this.#stops.flush() : text);
    if (reason) this.#finish(reason);
    return true;
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

  #watch(signal: AbortSignal | undefined, deadlineMs: number | undefined): void {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (deadlineMs === undefined) return;
    this.#timer = setTimeout(() => this.#finish('deadline'), Math.min(deadlineMs, MOST_DEADLINE_MS)).unref();
  }

  #endsWith(complete: boolean): FinishReason | undefined {
    if (this.#stops.matched !== undefined || complete) return 'stop';
    return this.completionTokens >= this.#maxTokens ? 'length' : undefined;
  }

  #push({ token, logprob, top }: Sampled, bytes: Uint8Array, text: string): void {
    const chunk: Chunk = { token, text, bytes };
    if (logprob !== undefined) chunk.logprob = logprob;
    if (top) chunk.top = top.map((each) => ({ ...each, bytes: this.#request.bytesOf(each.token) }));
    this.#queue.push(chunk);
    this.#wake();
  }

  #finish(reason: FinishReason): void {
    if (this.finished) return;
    this.finishReason = reason;
    this.#end();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#wake();
  }
}
