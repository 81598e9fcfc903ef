import { type Energy, LucieError, totalEnergy } from '@lucie/ledger';
import type { Libllama, Pointer } from '../native/libllama.ts';
import { Turns, type Used } from '../scheduler/turns.ts';
import { EMBEDDED_TOGETHER, EmbeddingContext, MOST_PER_STEP, type Step } from './embedding-context.ts';

export interface EmbedOptions {
  /** Keep the first so many and make them length 1 again: for models trained for that. */
  dimensions?: number;
  /** Ends it before the next step. */
  signal?: AbortSignal;
}

/** What came of embedding texts. */
export interface Embedded {
  /** One vector [dimensions] of length 1 per text, in their order. */
  vectors: Float32Array[];
  /** What the steps took. */
  energy: Energy;
  /** Milliseconds until the first step began. */
  queuedMs: number;
}

/** Tokens that the first context takes; one twice as large replaces it when a longer text comes. */
const LEAST_SIZE = 512;
/** Milliseconds that a step may take: so long wait those who are being answered. */
const STEP_MS = 250;
/** Tokens of the first step, when the pace is not known. */
const FIRST_STEP = 64;

/**
 * Texts to vectors of length 1, pooled as the model's file says, else as the mean. In a context of its own, made when
 * it is first asked for; it takes turns with whoever decodes, step by step, and one call with another, group by group.
 */
export class Embeddings {
  #native: { lib: Libllama; model: Pointer; threads: number; turns: Turns };
  #longest: number;
  #whole: boolean;
  #context: EmbeddingContext | undefined;
  #groups = new Turns();
  #perStep = FIRST_STEP;
  #closed = false;

  /**
   * @param opts.longest - tokens of one text at most
   * @param opts.whole - an encoder: each text is read in one step, however long
   */
  constructor(
    native: { lib: Libllama; model: Pointer; threads: number; turns: Turns },
    opts: { longest: number; whole: boolean },
  ) {
    this.#native = native;
    this.#longest = opts.longest;
    this.#whole = opts.whole;
  }

  /**
   * @param inputs - token ids, each a text; known to be in the vocabulary
   * @throws LucieError `PROMPT_EMPTY`, `PROMPT_TOO_LONG`, `OPTION_INVALID`, `ENGINE_CLOSED`, `ENGINE_MEMORY`,
   * `MODEL_RANKS`, `DECODE_FAILED`; the signal's reason
   */
  async embed(inputs: readonly ArrayLike<number>[], opts: EmbedOptions = {}): Promise<Embedded> {
    this.#open();
    const dimensions = this.#checkDimensions(opts.dimensions);
    for (const [i, { length }] of inputs.entries()) this.#checkLength(length, i);
    const asked = performance.now();
    let began: number | undefined;
    const steps: Used[] = [];
    const step: Step = (read) =>
      this.#native.turns.take(async (used) => {
        opts.signal?.throwIfAborted();
        this.#open();
        began ??= performance.now();
        const tokens = await read(this.#perStep);
        steps.push(used());
        this.#perStep = tokensPerStep(tokens, steps.at(-1)!.ms);
      });
    const vectors: Float32Array[] = [];
    while (vectors.length < inputs.length) {
      opts.signal?.throwIfAborted();
      const group = await this.#groups.take(async () => {
        this.#open();
        const texts = this.#group(inputs, vectors.length);
        return await this.#contextFor(texts).embed(texts, step);
      });
      for (const vector of group) vectors.push(unit(vector.subarray(0, dimensions)));
    }
    return { vectors, energy: totalEnergy(steps), queuedMs: (began ?? asked) - asked };
  }

  /** Ends what is under way after its step, then frees the memory. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#groups.take(async () => {
      this.#context?.[Symbol.dispose]();
      this.#context = undefined;
    });
  }

  /** As many texts as go together, from number `start` on; at least one. */
  #group(inputs: readonly ArrayLike<number>[], start: number): ArrayLike<number>[] {
    const most = Math.min(this.#longest, this.#whole ? this.#perStep : MOST_PER_STEP);
    let tokens = 0;
    let end = start;
    while (end < inputs.length && end - start < EMBEDDED_TOGETHER) {
      tokens += inputs[end]!.length;
      if (tokens > most && end > start) break;
      end++;
    }
    return inputs.slice(start, end);
  }

  #contextFor(texts: readonly ArrayLike<number>[]): EmbeddingContext {
    const tokens = texts.reduce((sum, { length }) => sum + length, 0);
    if (this.#context && this.#context.size >= tokens) return this.#context;
    const { lib, model, threads } = this.#native;
    this.#context?.[Symbol.dispose]();
    this.#context = undefined;
    const size = Math.min(this.#longest, Math.max(LEAST_SIZE, 2 ** Math.ceil(Math.log2(tokens))));
    this.#context = new EmbeddingContext(lib, model, { size, threads, whole: this.#whole });
    return this.#context;
  }

  #checkDimensions(dimensions: number | undefined): number {
    const width = this.#native.lib.model_n_embd_out(this.#native.model);
    if (dimensions === undefined) return width;
    if (Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= width) return dimensions;
    throw new LucieError({
      code: 'OPTION_INVALID',
      found: `dimensions ${dimensions}`,
      expected: `a whole number from 1 to ${width}`,
      todo: 'give dimensions another value, or leave it out',
      exitCode: 2,
    });
  }

  #checkLength(tokens: number, i: number): void {
    if (tokens > 0 && tokens <= this.#longest) return;
    throw new LucieError({
      code: tokens === 0 ? 'PROMPT_EMPTY' : 'PROMPT_TOO_LONG',
      found: `text ${i} of ${tokens} tokens`,
      expected: `1 to ${this.#longest}`,
      todo: tokens === 0 ? 'leave out empty texts' : 'cut it into passages',
    });
  }

  #open(): void {
    if (!this.#closed) return;
    throw new LucieError({
      code: 'ENGINE_CLOSED',
      found: 'an engine closed while texts were embedded',
      expected: 'an open engine',
      todo: 'load the model again',
    });
  }
}

/** As many as the last step's pace allows in `STEP_MS`. */
export function tokensPerStep(tokens: number, ms: number): number {
  return Math.max(1, Math.min(MOST_PER_STEP, Math.floor((tokens / Math.max(ms, 0.001)) * STEP_MS)));
}

/** The vector in its direction whose length is 1; zero stays zero. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? vector.map((value) => value / length) : vector.slice();
}
