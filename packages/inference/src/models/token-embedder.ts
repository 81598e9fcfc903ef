import { checkTokens } from '../check-tokens.ts';
import { checkEngineOptions } from '../engine-options.ts';
import type { Pointer } from '../native/libllama.ts';
import { processTurns } from '../scheduler/turns.ts';
import { type Embedded, Embeddings, type EmbedOptions } from './embeddings.ts';
import { idleCores } from './idle-cores.ts';
import { type LoadedModel, loadModel } from './load-model.ts';

/**
 * A model without a vocabulary (`tokenizer.ggml.model` is `no_vocab`), which gives vectors of tokens that are made
 * elsewhere. Takes turns with all other models of this process.
 * @example
 * await using embedder = await TokenEmbedder.load('reader.gguf');
 * const { vectors } = await embedder.embed([[0, 41, 5, 2], [0, 7, 2]]);
 */
export class TokenEmbedder implements AsyncDisposable {
  readonly threads: number;
  /** Ids are smaller. */
  readonly vocabularySize: number;
  /** Tokens of one text at most. */
  readonly longest: number;
  #lib: LoadedModel['lib'];
  #model: Pointer;
  #embeddings: Embeddings;
  #closed: Promise<void> | undefined;

  private constructor({ lib, model, header, generates }: LoadedModel, threads: number) {
    this.#lib = lib;
    this.#model = model;
    this.threads = threads;
    this.vocabularySize = lib.vocab_n_tokens(lib.model_get_vocab(model));
    const positions = header.tensors.find(({ name }) => name === 'position_embd.weight')?.shape[1];
    this.longest = Math.min(lib.model_n_ctx_train(model), positions ?? Number.POSITIVE_INFINITY);
    const native = { lib, model, threads, turns: processTurns };
    this.#embeddings = new Embeddings(native, { longest: this.longest, whole: !generates });
  }

  /**
   * Checks the file, then loads it.
   * @param opts - as `EngineOptions`
   * @throws LucieError `MODEL_MISSING`, `MODEL_FOREIGN`, `MODEL_TRUNCATED`, `MODEL_INVALID`, `MODEL_REFUSED`,
   * `OPTION_INVALID`, `ENGINE_MISSING`, `ENGINE_VERSION`
   */
  static async load(path: string, opts: { threads?: number; trial?: boolean } = {}): Promise<TokenEmbedder> {
    checkEngineOptions(opts);
    const loaded = await loadModel(path, { trial: opts.trial ?? true, tokens: 'given' });
    return new TokenEmbedder(loaded, opts.threads ?? (await idleCores()));
  }

  /**
   * Vectors of length 1, pooled as the file says, else as the mean; several texts are read together.
   * @throws LucieError `PROMPT_TOO_LONG`, `PROMPT_EMPTY`, `TOKEN_UNKNOWN`, `OPTION_INVALID`, `ENGINE_CLOSED`,
   * `ENGINE_MEMORY`, `MODEL_RANKS`, `DECODE_FAILED`; the signal's reason
   */
  async embed(inputs: readonly ArrayLike<number>[], opts: EmbedOptions = {}): Promise<Embedded> {
    for (const input of inputs) checkTokens(input, this.vocabularySize);
    return await this.#embeddings.embed(inputs, opts);
  }

  /** Ends what is under way after its step, then frees the memory. */
  close(): Promise<void> {
    this.#closed ??= this.#embeddings.close().then(() => this.#lib.model_free(this.#model));
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
