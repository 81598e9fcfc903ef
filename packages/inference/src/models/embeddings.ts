import { LucieError } from '@lucie/ledger';
import type { Libllama, Pointer } from '../native/libllama.ts';
import type { Turns } from '../scheduler/turns.ts';
import { EMBEDDED_TOGETHER, EmbeddingContext } from './embedding-context.ts';

/** Tokens that the first context takes; one twice as large replaces it when a longer text comes. */
const LEAST_SIZE = 512;

/**
 * Texts to vectors of length 1, pooled as the model's file says, else as the mean. In a context of its own, made when
 * it is first asked for; it takes turns with whoever decodes.
 */
export class Embeddings {
  #native: { lib: Libllama; model: Pointer; threads: number; turns: Turns };
  #longest: number;
  #context: EmbeddingContext | undefined;

  /** @param longest - tokens of one text at most */
  constructor(native: { lib: Libllama; model: Pointer; threads: number; turns: Turns }, longest: number) {
    this.#native = native;
    this.#longest = longest;
  }

  /**
   * @param inputs - token ids, each a text; known to be in the vocabulary
   * @param opts.dimensions - keep the first so many and make them length 1 again: for models trained for that
   * @returns one vector [dimensions] per text, in their order
   * @throws LucieError `PROMPT_EMPTY`, `PROMPT_TOO_LONG`, `OPTION_INVALID`, `ENGINE_MEMORY`, `MODEL_RANKS`, `DECODE_FAILED`
   */
  async embed(
    inputs: readonly ArrayLike<number>[],
    opts: { dimensions?: number } = {},
  ): Promise<Float32Array[]> {
    const { lib, model, turns } = this.#native;
    const width = lib.model_n_embd_out(model);
    const dimensions = opts.dimensions ?? width;
    if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > width) {
      throw new LucieError({
        code: 'OPTION_INVALID',
        found: `dimensions ${dimensions}`,
        expected: `a whole number from 1 to ${width}`,
        todo: 'give dimensions another value, or leave it out',
        exitCode: 2,
      });
    }
    for (const [i, { length }] of inputs.entries()) this.#checkLength(length, i);
    const vectors: Float32Array[] = [];
    while (vectors.length < inputs.length) {
      // Others get their turn between two groups of texts.
      const group = await turns.take(() => this.#some(inputs, vectors.length));
      for (const vector of group) vectors.push(unit(vector.subarray(0, dimensions)));
    }
    return vectors;
  }

  /** Frees the memory; nobody may be embedding. */
  [Symbol.dispose](): void {
    this.#context?.[Symbol.dispose]();
    this.#context = undefined;
  }

  /** Embeds as many texts as fit together, from number `start` on. */
  #some(inputs: readonly ArrayLike<number>[], start: number): Promise<Float32Array[]> {
    const context = this.#contextFor(inputs[start]!.length);
    let tokens = 0;
    let end = start;
    while (end < inputs.length && end - start < EMBEDDED_TOGETHER) {
      tokens += inputs[end]!.length;
      if (tokens > context.size) break;
      end++;
    }
    return context.embed(inputs.slice(start, end));
  }

  #contextFor(tokens: number): EmbeddingContext {
    if (this.#context && this.#context.size >= tokens) return this.#context;
    const { lib, model, threads } = this.#native;
    this.#context?.[Symbol.dispose]();
    this.#context = undefined;
    const size = Math.min(this.#longest, Math.max(LEAST_SIZE, 2 ** Math.ceil(Math.log2(tokens))));
    this.#context = new EmbeddingContext(lib, model, { size, threads });
    return this.#context;
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
}

/** The vector in its direction whose length is 1; zero stays zero. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? vector.map((value) => value / length) : vector.slice();
}
