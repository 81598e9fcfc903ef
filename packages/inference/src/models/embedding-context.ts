import { LucieError } from '@lucie/ledger';
import koffi from 'koffi';
import { Batch } from '../native/batch.ts';
import { callAsync, type Libllama, type Pointer } from '../native/libllama.ts';
import { takeNativeError } from '../native/native-log.ts';

/** `enum llama_pooling_type`. */
const POOLING = { unspecified: -1, none: 0, mean: 1, rank: 4 } as const;

/** Texts read at the same time. */
export const EMBEDDED_TOGETHER = 8;

/** A libllama context that gives one vector per sequence; what it has read is forgotten after each call. */
export class EmbeddingContext implements Disposable {
  /** Tokens of one call, all texts together: pooling needs a text whole. */
  readonly size: number;
  /** Length of a vector. */
  readonly width: number;
  #lib: Libllama;
  #model: Pointer;
  #context: Pointer;
  #batch: Batch;

  /** @throws LucieError `ENGINE_MEMORY`; `MODEL_RANKS` for a model that judges pairs instead of embedding texts */
  constructor(lib: Libllama, model: Pointer, opts: { size: number; threads: number }) {
    this.#lib = lib;
    this.#model = model;
    this.size = opts.size;
    this.width = lib.model_n_embd_out(model);
    takeNativeError();
    this.#context = this.#make(POOLING.unspecified, opts.threads);
    if (lib.pooling_type(this.#context) === POOLING.none) {
      lib.free(this.#context);
      this.#context = this.#make(POOLING.mean, opts.threads);
    }
    if (lib.pooling_type(this.#context) === POOLING.rank) {
      lib.free(this.#context);
      throw new LucieError({
        code: 'MODEL_RANKS',
        found: 'a reranking model, which judges pairs of texts',
        expected: 'a model that gives a text a vector',
        todo: 'name an embedding model, or one that generates text',
      });
    }
    this.#batch = new Batch(opts.size);
  }

  /**
   * Reads up to `EMBEDDED_TOGETHER` texts of at most `size` tokens together.
   * @returns a vector [width] per text, as pooled; a copy
   * @throws LucieError `DECODE_FAILED`
   */
  async embed(texts: readonly ArrayLike<number>[]): Promise<Float32Array[]> {
    const lib = this.#lib;
    this.#batch.clear();
    for (const [sequence, text] of texts.entries()) {
      for (let i = 0; i < text.length; i++) this.#batch.add(text[i]!, i, sequence, true);
    }
    takeNativeError();
    const run = lib.model_has_encoder(this.#model) ? lib.encode : lib.decode;
    const status = await callAsync(run, this.#context, this.#batch.struct);
    try {
      const vectors = texts.map((_, sequence) => {
        const at = status === 0 ? lib.get_embeddings_seq(this.#context, sequence) : null;
        return at === null ? undefined : new Float32Array(koffi.view(at, 4 * this.width)).slice();
      });
      if (vectors.every((vector) => vector !== undefined)) return vectors;
    } finally {
      const memory = lib.get_memory(this.#context);
      // An encoder remembers nothing.
      if (memory !== null) for (const sequence of texts.keys()) lib.memory_seq_rm(memory, sequence, -1, -1);
    }
    throw new LucieError({
      code: 'DECODE_FAILED',
      found: `status ${status} and no embedding (${takeNativeError() || 'no reason given'})`,
      expected: 'a vector for each text',
      todo: 'report it, with the name of the model',
    });
  }

  [Symbol.dispose](): void {
    this.#lib.free(this.#context);
    this.#batch[Symbol.dispose]();
  }

  #make(pooling: number, threads: number): Pointer {
    const context = this.#lib.init_from_model(this.#model, {
      ...this.#lib.context_default_params(),
      n_ctx: this.size,
      n_batch: this.size,
      n_ubatch: this.size,
      n_seq_max: EMBEDDED_TOGETHER,
      n_outputs_max: this.size,
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
