import { LucieError } from '@lucie/ledger';
import { type ChatMessage, chatPrompt } from './chat/chat-prompt.ts';
import { checkPrompt } from './check-prompt.ts';
import {
  checkEngineOptions,
  type EngineOptions,
  type EngineSettings,
  engineSettings,
} from './engine-options.ts';
import { checkGenerateOptions, type GenerateOptions } from './generate-options.ts';
import { Generation } from './generation.ts';
import type { GgufHeader } from './gguf/gguf-file.ts';
import { modelStamp } from './gguf/model-files.ts';
import { type ModelInfo, modelInfo } from './model-info.ts';
import { checkPositions } from './models/check-model.ts';
import { type Embedded, Embeddings, type EmbedOptions } from './models/embeddings.ts';
import { loadModel } from './models/load-model.ts';
import type { Libllama, Pointer } from './native/libllama.ts';
import { Vocabulary } from './native/vocabulary.ts';
import { PrefixStore } from './prefix/prefix-store.ts';
import { Sampler } from './sampling/sampler.ts';
import { type EngineStats, Serving, type Warmed } from './scheduler/serving.ts';
import { verifyLogits } from './verify-logits.ts';

/**
 * A GGUF model in memory, ready to generate. Decoding runs by koffi's asynchronous calls on libuv's threads rather than
 * in a worker: the event loop stays as free, and logits are read in place instead of being sent across.
 * @example
 * await using engine = await Engine.load('nano-Q8_0.gguf');
 * for await (const { text } of engine.generate({ prompt: 'Bonjour', maxTokens: 20 })) process.stdout.write(text);
 */
export class Engine implements AsyncDisposable {
  readonly path: string;
  readonly info: ModelInfo;
  readonly threads: number;
  /** Tokens that one generation can hold, prompt and answer together. */
  readonly contextSize: number;
  readonly sequences: number;
  #lib: Libllama;
  #model: Pointer;
  #vocabulary: Vocabulary;
  #serving: Serving;
  #embeddings: Embeddings;
  #verifying: Promise<unknown> = Promise.resolve();
  #generates: boolean;
  #closed: Promise<void> | undefined;

  private constructor(
    native: { lib: Libllama; model: Pointer },
    file: { path: string; header: GgufHeader; generates: boolean },
    settings: EngineSettings,
    store: PrefixStore | undefined,
  ) {
    this.path = file.path;
    this.#generates = file.generates;
    this.#lib = native.lib;
    this.#model = native.model;
    this.threads = settings.threads;
    this.sequences = settings.sequences;
    this.contextSize = settings.contextSize;
    this.#vocabulary = new Vocabulary(native.lib, native.lib.model_get_vocab(native.model));
    this.info = modelInfo(file.header, this.#vocabulary, native.lib.model_n_ctx_train(native.model));
    this.#serving = new Serving(native, settings, store);
    this.#embeddings = new Embeddings(
      { ...native, threads: settings.threads, turns: this.#serving.turns },
      { longest: Math.min(this.contextSize, this.info.contextLength), whole: !file.generates },
    );
  }

  /**
   * Checks the file, then loads it.
   * @throws LucieError `MODEL_MISSING`, `MODEL_FOREIGN`, `MODEL_TRUNCATED`, `MODEL_INVALID`, `MODEL_REFUSED` (llama.cpp
   * does not take it), `OPTION_INVALID`, `ENGINE_MISSING`, `ENGINE_VERSION`, `ENGINE_MEMORY`
   */
  static async load(path: string, opts: EngineOptions = {}): Promise<Engine> {
    checkEngineOptions(opts);
    const stamp = modelStamp(path);
    const { lib, model, header, generates } = await loadModel(path, { trial: opts.trial ?? true });
    try {
      const settings = await engineSettings(opts, lib.model_n_ctx_train(model));
      const { prefixDir, prefixBytes } = settings;
      const engine = `libllama ${lib.version} ${process.arch}`;
      const store = prefixDir
        ? await PrefixStore.open({ dir: prefixDir, model: { path, stamp }, engine, quotaBytes: prefixBytes })
        : undefined;
      checkPositions(header, settings.contextSize);
      return new Engine({ lib, model }, { path, header, generates }, settings, store);
    } catch (error) {
      lib.model_free(model);
      throw error;
    }
  }

  /**
   * Most bytes of a text that one token stands for, so that a text too long for the context is known without reading
   * it. Undefined where the tokenizer leaves text out, as those of encoders do.
   */
  get longestToken(): number | undefined {
    const kind = this.info.metadata.get('tokenizer.ggml.model');
    // A character that is no token may be one unknown token: four bytes of UTF-8.
    return kind === 'llama' || kind === 'gpt2' ? Math.max(4, this.#vocabulary.longest) : undefined;
  }

  /** @param opts.special - read the texts of control tokens as those tokens; never for text from outside */
  tokenize(text: string, opts: { special?: boolean; addSpecial?: boolean } = {}): Uint32Array {
    this.#open();
    return this.#vocabulary.tokenize(text, opts);
  }

  /** @param opts.special - write control tokens as their text instead of leaving them out */
  detokenize(tokens: ArrayLike<number>, opts: { special?: boolean } = {}): string {
    this.#open();
    return this.#vocabulary.detokenize(tokens, opts);
  }

  /**
   * The prompt for these messages by the file's own template, ending where the assistant begins to speak.
   * @throws LucieError `CHAT_TEMPLATE_MISSING`, `CHAT_INVALID`
   */
  chatPrompt(
    messages: readonly ChatMessage[],
    opts: { addGenerationPrompt?: boolean } = {},
  ): { text: string; tokens: Uint32Array } {
    this.#open();
    if (this.info.chatTemplate === undefined) {
      throw new LucieError({
        code: 'CHAT_TEMPLATE_MISSING',
        found: `${this.path} without a chat template`,
        expected: 'an instruct model',
        todo: 'complete text with this model instead, or name an instruct model',
      });
    }
    return chatPrompt(this.info.chatTemplate, messages, {
      vocabulary: this.#vocabulary,
      addGenerationPrompt: opts.addGenerationPrompt ?? true,
      separate: this.info.metadata.has('lucie.recipe'),
    });
  }

  /**
   * Begins to generate; generations share the engine in turn.
   * @throws LucieError `MODEL_EMBEDS_ONLY`, `PROMPT_TOO_LONG`, `PROMPT_EMPTY`, `TOKEN_UNKNOWN`, `OPTION_INVALID`,
   * `QUEUE_FULL`, and what `Sampler` says of grammars; iterating may throw `DECODE_FAILED`, and what `Sampler` says of logits
   */
  generate(opts: GenerateOptions): Generation {
    this.#open();
    const prompt = Array.from(opts.tokens ?? this.tokenize(opts.prompt ?? '', { addSpecial: true }));
    this.#mustGenerate();
    checkPrompt(prompt, this.contextSize - 1, this.#vocabulary);
    checkGenerateOptions(opts);
    this.#serving.mustHaveRoom();
    const vocabulary = this.#vocabulary;
    const generation = new Generation(
      {
        prompt,
        contextLength: this.contextSize,
        stopIds: opts.stopIds ? new Set(opts.stopIds) : vocabulary.stopIds,
        bytesOf: (token) => vocabulary.bytes(token),
        sampler: new Sampler(opts, { vocabulary }),
        placeOf: (work) => this.#serving.placeOf(work),
      },
      opts,
    );
    if (!generation.finished) this.#serving.add(generation);
    return generation;
  }

  /**
   * Reads tokens in advance, a course say, so that every prompt that begins with them starts after them; kept on disk
   * for the next start as well.
   * @param opts.name - what it is, for people who look into the folder
   * @param opts.signal - ends the reading; what has been read may stay
   * @throws LucieError `PROMPT_TOO_LONG`, `PROMPT_EMPTY`, `TOKEN_UNKNOWN`, `DECODE_FAILED`; the signal's reason
   */
  async warm(tokens: ArrayLike<number>, opts: { name?: string; signal?: AbortSignal } = {}): Promise<Warmed> {
    this.#open();
    const prompt = Array.from(tokens);
    this.#mustGenerate();
    checkPrompt(prompt, this.contextSize - 1, this.#vocabulary);
    return await this.#serving.warm(prompt, { ...opts, name: opts.name ?? '' });
  }

  /**
   * Logits after each token: what verification compares. In a context of its own, so that serving keeps its memory.
   * @returns one [vocabulary] array per token, by position
   * @throws LucieError `PROMPT_TOO_LONG`, `PROMPT_EMPTY`, `TOKEN_UNKNOWN`, `DECODE_FAILED`
   */
  logits(ids: ArrayLike<number>): Promise<Float32Array[]> {
    this.#open();
    const result = this.#verifying.then(() => this.#logits(ids));
    this.#verifying = result.catch(() => {});
    return result;
  }

  /**
   * Vectors of length 1, pooled as the model's file says, else as the mean over the text. Takes turns with decoding.
   * @throws LucieError `PROMPT_TOO_LONG`, `PROMPT_EMPTY`, `TOKEN_UNKNOWN`, `OPTION_INVALID`, `ENGINE_CLOSED`,
   * `ENGINE_MEMORY`, `MODEL_RANKS`, `DECODE_FAILED`; the signal's reason
   */
  async embed(inputs: readonly ArrayLike<number>[], opts: EmbedOptions = {}): Promise<Embedded> {
    this.#open();
    for (const input of inputs) this.#vocabulary.check(input);
    return await this.#embeddings.embed(inputs, opts);
  }

  /** Generations being worked on, and those in line. */
  get load(): { active: number; waiting: number } {
    return this.#serving.load;
  }

  /** Counters since the model was loaded, and what there is now. */
  get stats(): EngineStats {
    return this.#serving.stats;
  }

  /** Cancels what runs, waits for the decode under way, frees the memory. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      await Promise.all([this.#serving.close(), this.#embeddings.close(), this.#verifying]);
      this.#lib.model_free(this.#model);
    })();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #logits(ids: ArrayLike<number>): Promise<Float32Array[]> {
    this.#mustGenerate();
    checkPrompt(ids, Math.max(this.contextSize, this.info.contextLength), this.#vocabulary);
    const native = { lib: this.#lib, model: this.#model, threads: this.threads, turns: this.#serving.turns };
    return await verifyLogits(native, ids);
  }

  #mustGenerate(): void {
    if (this.#generates) return;
    throw new LucieError({
      code: 'MODEL_EMBEDS_ONLY',
      found: `${this.path}, an encoder (${this.info.architecture})`,
      expected: 'a model that writes text',
      todo: 'use this model for embeddings, and name another one to write',
    });
  }

  #open(): void {
    if (!this.#closed) return;
    throw new LucieError({
      code: 'ENGINE_CLOSED',
      found: `the engine of ${this.path} closed`,
      expected: 'an open engine',
      todo: 'load the model again',
    });
  }
}
