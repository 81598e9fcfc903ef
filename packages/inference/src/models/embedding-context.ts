import { LucieError } from '@lucie/ledger';
import koffi from 'koffi';
import { Batch } from '../native/batch.ts';
import { callAsync, type Libllama, type Pointer } from '../native/libllama.ts';
import { takeNativeError } from '../native/native-log.ts';

/** `enum llama_pooling_type`. */
const POOLING = { unspecified: -1, none: 0, mean: 1, last: 3, rank: 4 } as const;

/** Texts read at the same time. */
export const EMBEDDED_TOGETHER = 8;

/** Tokens of one step where texts are read in pieces; where they cannot be, the longest text is one step. */
export const MOST_PER_STEP = 512;

/** Gives the work of one step its turn, and says how many tokens it may read; the work answers how many it did. */
export type Step = (read: (most: number) => Promise<number>) => Promise<void>;

/** A libllama context that gives one vector per text; what it has read is forgotten after each call. */
export class EmbeddingContext implements Disposable {
  /** Tokens of one call, all texts together. */
  readonly size: number;
  /** Length of a vector. */
  readonly width: number;
  #lib: Libllama;
  #model: Pointer;
  #context: Pointer;
  #batch: Batch;
  #whole: boolean;
  #pooling: number;

  /**
   * @param opts.whole - attention goes to both sides, so that a text cannot be read piece by piece
   * @throws LucieError `ENGINE_MEMORY`; `MODEL_RANKS` for a model that judges pairs instead of embedding texts
   */
  constructor(lib: Libllama, model: Pointer, opts: { size: number; threads: number; whole: boolean }) {
    this.#lib = lib;
    this.#model = model;
    this.#whole = opts.whole;
    this.size = opts.size;
    this.width = lib.model_n_embd_out(model);
    takeNativeError();
    this.#context = this.#make(POOLING.unspecified, opts.threads);
    const said = lib.pooling_type(this.#context);
    if (said === POOLING.rank) {
      lib.free(this.#context);
      throw new LucieError({
        code: 'MODEL_RANKS',
        found: 'a reranking model, which judges pairs of texts',
        expected: 'a model that gives a text a vector',
        todo: 'name an embedding model, or one that generates text',
      });
    }
    this.#pooling = said === POOLING.none ? POOLING.mean : said;
    // Pieces are pooled here: llama.cpp pools what one step has read.
    const native = opts.whole ? this.#pooling : POOLING.none;
    if (native !== said) {
      lib.free(this.#context);
      this.#context = this.#make(native, opts.threads);
    }
    this.#batch = new Batch(this.#perStep);
  }

  /**
   * Reads up to `EMBEDDED_TOGETHER` texts of at most `size` tokens together.
   * @returns a vector [width] per text, as pooled but for its length; a copy
   * @throws LucieError `DECODE_FAILED`, and what `step` throws
   */
  async embed(texts: readonly ArrayLike<number>[], step: Step): Promise<Float32Array[]> {
    try {
      return await (this.#whole ? this.#readWhole(texts, step) : this.#readInPieces(texts, step));
    } finally {
      const memory = this.#lib.get_memory(this.#context);
      // An encoder remembers nothing.
      if (memory !== null)
        for (const sequence of texts.keys()) this.#lib.memory_seq_rm(memory, sequence, -1, -1);
    }
  }

  async #readWhole(texts: readonly ArrayLike<number>[], step: Step): Promise<Float32Array[]> {
    this.#batch.clear();
    for (const { token, position, text } of tokensOf(texts)) this.#batch.add(token, position, text, true);
    await step(async () => {
      await this.#run();
      return this.#batch.length;
    });
    return texts.map((_, text) => {
      const at = this.#lib.get_embeddings_seq(this.#context, text);
      if (at === null) throw this.#failure('no embedding');
      return new Float32Array(koffi.view(at, 4 * this.width)).slice();
    });
  }

  async #readInPieces(texts: readonly ArrayLike<number>[], step: Step): Promise<Float32Array[]> {
    const pooled = texts.map(({ length }) => new Pooled(this.#pooling, this.width, length));
    const tokens = tokensOf(texts);
    for (let start = 0; start < tokens.length; start += this.#batch.length) {
      await step(async (most) => {
        const piece = tokens.slice(start, start + Math.min(most, this.#perStep));
        this.#batch.clear();
        for (const { token, position, text } of piece) this.#batch.add(token, position, text, true);
        await this.#run();
        const at = this.#lib.get_embeddings(this.#context);
        if (at === null) throw this.#failure('no embedding');
        const rows = new Float32Array(koffi.view(at, 4 * this.width * piece.length));
        for (const [row, { text, position }] of piece.entries()) {
          pooled[text]!.add(rows.subarray(row * this.width, (row + 1) * this.width), position);
        }
        return piece.length;
      });
    }
    return pooled.map(({ vector }) => Float32Array.from(vector));
  }

  async #run(): Promise<void> {
    takeNativeError();
    const run = this.#lib.model_has_encoder(this.#model) ? this.#lib.encode : this.#lib.decode;
    const status = await callAsync(run, this.#context, this.#batch.struct);
    if (status !== 0) throw this.#failure(`status ${status}`);
  }

  #failure(what: string): LucieError {
    return new LucieError({
      code: 'DECODE_FAILED',
      found: `${what} where texts are embedded (${takeNativeError() || 'no reason given'})`,
      expected: 'a vector for each text',
      todo: 'report it, with the name of the model',
    });
  }

  get #perStep(): number {
    return this.#whole ? this.size : Math.min(this.size, MOST_PER_STEP);
  }

  [Symbol.dispose](): void {
    this.#lib.free(this.#context);
    this.#batch[Symbol.dispose]();
  }

  #make(pooling: number, threads: number): Pointer {
    const context = this.#lib.init_from_model(this.#model, {
      ...this.#lib.context_default_params(),
      n_ctx: this.size,
      n_batch: this.#perStep,
      n_ubatch: this.#perStep,
      n_seq_max: EMBEDDED_TOGETHER,
      n_outputs_max: this.#perStep,
      n_outputs_max_per_seq: 0,
      n_threads: threads,
      n_threads_batch: threads,
      pooling_type: pooling,
      embeddings: true,
      kv_unified: true,
    });
    if (context !== null) return context;
    throw new LucieError({
      code: 'ENGINE_MEMORY',
      found: `no context for embeddings of ${this.size} tokens (${takeNativeError() || 'no reason given'})`,
      expected: 'enough memory for the context',
      todo: 'embed shorter texts, or name a smaller model',
    });
  }
}

/** What is known so far of the vector of a text that is read in pieces: the sum (the mean's direction), its last token's or its first one's. */
class Pooled {
  readonly vector: Float64Array;
  #pooling: number;
  #length: number;

  constructor(pooling: number, width: number, length: number) {
    this.vector = new Float64Array(width);
    this.#pooling = pooling;
    this.#length = length;
  }

  add(row: Float32Array, position: number): void {
    if (this.#pooling === POOLING.mean) for (let i = 0; i < row.length; i++) this.vector[i]! += row[i]!;
    else if (position === (this.#pooling === POOLING.last ? this.#length - 1 : 0)) this.vector.set(row);
  }
}

function tokensOf(texts: readonly ArrayLike<number>[]): { token: number; position: number; text: number }[] {
  return texts.flatMap((tokens, text) =>
    Array.from(tokens, (token, position) => ({ token, position, text })),
  );
}
