import { LucieError } from '@lucie/ledger';
import { type ChatMessage, chatPrompt } from './chat/chat-prompt.ts';
import { type GenerateOptions, Generation } from './generation.ts';
import { type GgufHeader, type GgufValue, readGguf } from './gguf/gguf-file.ts';
import { checkModel } from './models/check-model.ts';
import { idleCores } from './models/idle-cores.ts';
import { Context } from './native/context.ts';
import { callAsync, type Libllama, libllama, type Pointer } from './native/libllama.ts';
import { takeNativeError } from './native/native-log.ts';
import { Vocabulary } from './native/vocabulary.ts';
import { Scheduler } from './scheduler/scheduler.ts';

export interface EngineOptions {
  /** Threads that decode. Default: idle physical cores, at least 1. */
  threads?: number;
  /** Tokens per sequence, prompt and answer together. Default: what the model was trained for, at most 4,096. */
  contextSize?: number;
  /** Generations at the same time; more wait in line. Default 4. */
  sequences?: number;
}

/** What the file says about its model. */
export interface ModelInfo {
  name: string;
  architecture: string;
  /** Tokens that the model was trained for. */
  contextLength: number;
  vocabSize: number;
  parameters: number;
  bos: number | undefined;
  eos: number | undefined;
  eot: number | undefined;
  /** Tokens that end a generation. */
  stopIds: number[];
  /** Jinja text; undefined for a model that does not chat. */
  chatTemplate: string | undefined;
  /** Every scalar of the file under its GGUF key, our own `lucie.*` among them. */
  metadata: ReadonlyMap<string, GgufValue>;
}

const DEFAULT_CONTEXT = 4096;
const BATCH = 512;
const VERIFY_BATCH = 128;

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
  #context: Context;
  #scheduler: Scheduler;
  #verifying: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;

  private constructor(
    native: { lib: Libllama; model: Pointer },
    file: { path: string; header: GgufHeader },
    opts: Required<EngineOptions>,
  ) {
    this.path = file.path;
    this.#lib = native.lib;
    this.#model = native.model;
    this.threads = opts.threads;
    this.sequences = opts.sequences;
    this.#vocabulary = new Vocabulary(native.lib, native.lib.model_get_vocab(native.model));
    this.info = describe(file.header, this.#vocabulary, native.lib.model_n_ctx_train(native.model));
    this.#context = this.#newContext({ ...opts, batchSize: BATCH, outputs: opts.sequences });
    this.contextSize = this.#context.sequenceLength;
    this.#scheduler = new Scheduler(this.#context, opts.sequences);
  }

  /**
   * Checks the file, then loads it.
   * @throws LucieError `MODEL_MISSING`, `MODEL_FOREIGN`, `MODEL_TRUNCATED`, `MODEL_INVALID`, `MODEL_REFUSED` (llama.cpp
   * does not take it), `OPTION_INVALID`, `ENGINE_MISSING`, `ENGINE_VERSION`, `ENGINE_MEMORY`
   */
  static async load(path: string, opts: EngineOptions = {}): Promise<Engine> {
    const { threads, contextSize, sequences = 4 } = opts;
    for (const [name, value, most] of [
      ['threads', threads ?? 1, 512],
      ['contextSize', contextSize ?? 1, 1 << 24],
      ['sequences', sequences, 256],
    ] as const) {
      if (!Number.isInteger(value) || value < 1 || value > most) {
        throw new LucieError({
          code: 'OPTION_INVALID',
          found: `${name} ${value}`,
          expected: `a whole number from 1 to ${most}`,
          todo: `give ${name} another value`,
          exitCode: 2,
        });
      }
    }
    const header = readGguf(path);
    checkModel(header, path);
    const lib = libllama();
    const used = threads ?? (await idleCores());
    takeNativeError();
    const model = await callAsync(lib.model_load_from_file, path, {
      ...lib.model_default_params(),
      use_extra_bufts: rowsAreLong(header),
    });
    const trained = model === null ? 0 : lib.model_n_ctx_train(model);
    if (model === null || trained < 1 || !lib.model_has_decoder(model) || lib.model_has_encoder(model)) {
      if (model !== null) lib.model_free(model);
      throw new LucieError({
        code: 'MODEL_REFUSED',
        found: `${path} that llama.cpp does not run (${takeNativeError() || 'not a model that generates text'})`,
        expected: 'a complete text model of an architecture that llama.cpp knows',
        todo: 'fetch or build this file again, or name another',
      });
    }
    try {
      return new Engine(
        { lib, model },
        { path, header },
        {
          threads: used,
          contextSize: contextSize ?? Math.min(trained, DEFAULT_CONTEXT),
          sequences,
        },
      );
    } catch (error) {
      lib.model_free(model);
      throw error;
    }
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
      separate: this.info.metadata.get('tokenizer.ggml.model') === 'gpt2',
    });
  }

  /**
   * Begins to generate; generations share the engine in turn.
   * @throws LucieError `PROMPT_TOO_LONG`, `PROMPT_EMPTY`, `TOKEN_UNKNOWN`, `OPTION_INVALID`; iterating may throw
   * `DECODE_FAILED`
   */
  generate(opts: GenerateOptions): Generation {
    this.#open();
    const prompt = Array.from(opts.tokens ?? this.tokenize(opts.prompt ?? '', { addSpecial: true }));
    this.#vocabulary.check(prompt);
    if (prompt.length === 0) {
      throw new LucieError({
        code: 'PROMPT_EMPTY',
        found: 'a prompt without tokens',
        expected: 'at least one token',
        todo: 'write something to go on from',
      });
    }
    if (prompt.length >= this.contextSize) {
      throw new LucieError({
        code: 'PROMPT_TOO_LONG',
        found: `a prompt of ${prompt.length} tokens`,
        expected: `at most ${this.contextSize - 1}: the context holds ${this.contextSize} with the answer`,
        todo: 'shorten the prompt, or the conversation',
      });
    }
    const generation = new Generation(
      {
        prompt,
        contextLength: this.contextSize,
        stopIds: opts.stopIds ? new Set(opts.stopIds) : this.#vocabulary.stopIds,
        bytesOf: (token) => this.#vocabulary.bytes(token),
      },
      opts,
    );
    if (!generation.finished) this.#scheduler.add(generation);
    return generation;
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

  /** Generations being worked on, and those in line. */
  get load(): { active: number; waiting: number } {
    return this.#scheduler.load;
  }

  /** Cancels what runs, waits for the decode under way, frees the memory. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      await Promise.all([this.#scheduler.close(), this.#verifying]);
      this.#context[Symbol.dispose]();
      this.#lib.model_free(this.#model);
    })();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #logits(ids: ArrayLike<number>): Promise<Float32Array[]> {
    this.#vocabulary.check(ids);
    const contextSize = Math.max(this.contextSize, this.info.contextLength);
    if (ids.length === 0 || ids.length > contextSize) {
      throw new LucieError({
        code: ids.length === 0 ? 'PROMPT_EMPTY' : 'PROMPT_TOO_LONG',
        found: `${ids.length} tokens`,
        expected: `1 to ${contextSize}`,
        todo: 'give another number of tokens',
      });
    }
    using context = this.#newContext({
      contextSize: ids.length,
      sequences: 1,
      threads: this.threads,
      batchSize: VERIFY_BATCH,
      outputs: VERIFY_BATCH,
    });
    const rows: Float32Array[] = [];
    for (let start = 0; start < ids.length; start += VERIFY_BATCH) {
      const length = Math.min(VERIFY_BATCH, ids.length - start);
      const steps = Array.from({ length }, (_, i) => ({
        token: ids[start + i]!,
        position: start + i,
        sequence: 0,
        logits: true,
      }));
      rows.push(...(await context.decode(steps)).values());
    }
    return rows;
  }

  #newContext(opts: Required<EngineOptions> & { batchSize: number; outputs: number }): Context {
    return new Context(this.#lib, this.#model, { ...opts, vocabSize: this.#vocabulary.size });
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

/**
 * llama.cpp v0.5.0 multiplies wrongly on processors with AMX when the rows of a quantized matrix are one block of 32
 * long: without its extra buffers it takes its plain kernels, which are right.
 */
function rowsAreLong(header: GgufHeader): boolean {
  return header.tensors.every(({ shape }) => shape.length === 1 || shape[0]! > 32);
}

function describe(header: GgufHeader, vocabulary: Vocabulary, contextLength: number): ModelInfo {
  const text = (key: string) => {
    const value = header.metadata.get(key);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    name: text('general.name') ?? 'model',
    architecture: text('general.architecture') ?? 'unknown',
    contextLength,
    vocabSize: vocabulary.size,
    parameters: header.tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    bos: vocabulary.bos,
    eos: vocabulary.eos,
    eot: vocabulary.eot,
    stopIds: [...vocabulary.stopIds],
    chatTemplate: text('tokenizer.chat_template'),
    metadata: new Map([...header.metadata].filter(([, value]) => !Array.isArray(value))),
  };
}
