import { LucieError } from '@lucie/ledger';
import { chatTemplateOf } from '../chat/chat-prompt.ts';
import { Engine } from '../engine.ts';
import { type EngineOptions, engineSettings } from '../engine-options.ts';
import { modelStamp } from '../gguf/model-files.ts';
import { readModel } from '../gguf/read-model.ts';
import { Turns } from '../scheduler/turns.ts';
import { availableMemory } from './available-memory.ts';
import { checkModel } from './check-model.ts';
import { isEncoder } from './load-model.ts';
import { memoryNeed } from './memory-need.ts';

export interface PooledModel {
  name: string;
  path: string;
  options?: EngineOptions;
}

/** What the head of a file says, without loading it. */
export interface PooledModelInfo {
  name: string;
  architecture: string;
  parameters: number;
  /** Tokens that the model was trained for. */
  contextLength: number;
  /** Tokens that one generation will be able to hold. */
  contextSize: number;
  chats: boolean;
  /** False for an encoder, which only embeds. */
  generates: boolean;
  /** Bytes that it will take. */
  memoryBytes: number;
}

/** The model stays loaded until this is disposed of. */
export interface ModelLease<E = Engine> extends Disposable {
  engine: E;
}

export interface ModelPoolOptions<E> {
  /** Bytes that all models together may take. Default: what the machine has free at each load. */
  memoryBytes?: number;
  /** Milliseconds without use after which a model is unloaded. Default 30 minutes; `Infinity` keeps it. */
  idleMs?: number;
  /** How a model is loaded. Default `Engine.load`. */
  load?: (path: string, options: EngineOptions) => Promise<E>;
  /** Bytes that are free now. Default: what the kernel says. */
  available?: () => number;
}

interface Slot<E> {
  model: PooledModel;
  /** Held leases, and those being waited for. */
  leases: number;
  engine: E | undefined;
  loading: Promise<E> | undefined;
  /** Reserved while it loads and as long as it is there. */
  bytes: number;
  /** Of the file that was loaded. */
  stamp: string;
  /** Grows with each use: the smallest has been idle longest. */
  used: number;
  timer: NodeJS.Timeout | undefined;
}

const IDLE_MS = 30 * 60_000;
/** Node takes a longer time for 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Models by name, loaded when somebody asks for one and unloaded when nobody does: when they have been idle, or when
 * another one needs their memory, the longest idle first. One is loaded at a time; memory is reserved before.
 */
export class ModelPool<E extends { close(): Promise<void> } = Engine> implements AsyncDisposable {
  #slots: Map<string, Slot<E>>;
  #memoryBytes: number;
  #idleMs: number;
  #load: (path: string, options: EngineOptions) => Promise<E>;
  #available: () => number;
  #turns = new Turns();
  #uses = 0;
  #closed: Promise<void> | undefined;

  constructor(models: readonly PooledModel[], opts: ModelPoolOptions<E> = {}) {
    this.#slots = new Map(
      models.map((model) => [
        model.name,
        {
          model,
          leases: 0,
          engine: undefined,
          loading: undefined,
          bytes: 0,
          stamp: '',
          used: 0,
          timer: undefined,
        },
      ]),
    );
    this.#memoryBytes = opts.memoryBytes ?? Number.POSITIVE_INFINITY;
    this.#idleMs = opts.idleMs ?? IDLE_MS;
    this.#load =
      opts.load ?? (Engine.load as unknown as (path: string, options: EngineOptions) => Promise<E>);
    this.#available = opts.available ?? availableMemory;
  }

  get names(): string[] {
    return [...this.#slots.keys()];
  }

  /**
   * Reads the head of the file.
   * @throws LucieError `MODEL_UNKNOWN`, `MODEL_MISSING`, `MODEL_FOREIGN`, `MODEL_TRUNCATED`, `MODEL_INVALID`
   */
  async info(name: string): Promise<PooledModelInfo> {
    return await describe(this.#slot(name).model);
  }

  /** Models in memory, and what is reserved for them. Their engines are to be looked at, not held. */
  loaded(): { name: string; bytes: number; leases: number; engine: E }[] {
    return [...this.#slots.values()].flatMap(({ model, bytes, leases, engine }) =>
      engine ? [{ name: model.name, bytes, leases, engine }] : [],
    );
  }

  /**
   * Loads the model unless it is there. A file that has been replaced meanwhile is loaded anew when nobody holds the
   * old one.
   * @param signal - stops waiting; the load goes on for others
   * @throws LucieError `MODEL_UNKNOWN`, `MEMORY_SHORT`, `POOL_CLOSED`, and what `Engine.load` throws; the signal's reason
   */
  async use(name: string, signal?: AbortSignal): Promise<ModelLease<E>> {
    const slot = this.#slot(name);
    this.#open();
    signal?.throwIfAborted();
    slot.leases++;
    slot.used = ++this.#uses;
    clearTimeout(slot.timer);
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      slot.leases--;
      this.#watchIdle(slot);
    };
    try {
      const engine = await unlessAborted(this.#engineOf(slot), signal);
      return { engine, [Symbol.dispose]: release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Waits for a load under way, then unloads everything, held or not. */
  close(): Promise<void> {
    this.#closed ??= this.#turns.take(async () => {
      await Promise.all([...this.#slots.values()].map((slot) => this.#unload(slot)));
    });
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #engineOf(slot: Slot<E>): Promise<E> {
    if (slot.loading) return slot.loading;
    // A file that is gone goes on being served from memory.
    const isSame = [slot.stamp, ''].includes(modelStamp(slot.model.path));
    if (slot.engine && (slot.leases > 1 || isSame)) return Promise.resolve(slot.engine);
    const loading = this.#turns.take(() => this.#bring(slot));
    slot.loading = loading;
    const done = () => {
      slot.loading = undefined;
      this.#watchIdle(slot);
    };
    loading.then(done, done);
    return loading;
  }

  async #bring(slot: Slot<E>): Promise<E> {
    this.#open();
    await this.#unload(slot);
    const { path, options = {} } = slot.model;
    const stamp = modelStamp(path);
    const { memoryBytes } = await describe(slot.model);
    await this.#makeRoom(slot.model.name, memoryBytes);
    slot.bytes = memoryBytes;
    try {
      slot.engine = await this.#load(path, options);
    } catch (error) {
      slot.bytes = 0;
      throw error;
    }
    slot.stamp = stamp;
    return slot.engine;
  }

  async #makeRoom(name: string, need: number): Promise<void> {
    for (;;) {
      const reserved = [...this.#slots.values()].reduce((sum, slot) => sum + slot.bytes, 0);
      const free = Math.min(this.#memoryBytes - reserved, this.#available());
      if (need <= free) return;
      const idle = [...this.#slots.values()]
        .filter((slot) => slot.engine !== undefined && slot.leases === 0)
        .sort((a, b) => a.used - b.used)[0];
      if (!idle) {
        throw new LucieError({
          code: 'MEMORY_SHORT',
          found: `${mebibytes(Math.max(0, free))} free for ${name}`,
          expected: `${mebibytes(need)}, estimated from its file and its options`,
          todo: 'ask again when other models are idle, give it a smaller context, or choose a smaller model',
        });
      }
      await this.#unload(idle);
    }
  }

  async #unload(slot: Slot<E>): Promise<void> {
    clearTimeout(slot.timer);
    const { engine } = slot;
    slot.engine = undefined;
    await engine?.close();
    slot.bytes = 0;
  }

  #watchIdle(slot: Slot<E>): void {
    clearTimeout(slot.timer);
    if (slot.leases > 0 || !slot.engine || !Number.isFinite(this.#idleMs)) return;
    slot.timer = setTimeout(
      () => {
        void this.#turns.take(async () => {
          if (slot.leases === 0) await this.#unload(slot);
        });
      },
      Math.min(this.#idleMs, LONGEST_TIMER_MS),
    );
    slot.timer.unref();
  }

  #slot(name: string): Slot<E> {
    const slot = this.#slots.get(name);
    if (slot) return slot;
    throw new LucieError({
      code: 'MODEL_UNKNOWN',
      found: `no model ${JSON.stringify(name.slice(0, 100))}`,
      expected: this.names.join(', ') || 'a pool with models',
      todo: 'name one of those',
    });
  }

  #open(): void {
    if (!this.#closed) return;
    throw new LucieError({
      code: 'POOL_CLOSED',
      found: 'a pool of models that is closed',
      expected: 'an open one',
      todo: 'start the server again',
    });
  }
}

async function describe({ name, path, options = {} }: PooledModel): Promise<PooledModelInfo> {
  const header = readModel(path);
  checkModel(header, path);
  const { metadata, tensors } = header;
  const architecture = String(metadata.get('general.architecture'));
  const contextLength = Number(metadata.get(`${architecture}.context_length`));
  const settings = await engineSettings({ ...options, threads: 1 }, contextLength);
  return {
    name,
    architecture,
    parameters: tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    contextLength,
    contextSize: settings.contextSize,
    chats: chatTemplateOf(metadata) !== undefined,
    generates: !isEncoder(header),
    memoryBytes: memoryNeed(header, settings).total,
  };
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
