import { LucieError } from '@lucie/ledger';
import type { EngineSettings } from '../engine-options.ts';
import { availableMemory } from '../models/available-memory.ts';
import { Context } from '../native/context.ts';
import type { Libllama, Pointer } from '../native/libllama.ts';
import { ParkedEnds } from '../prefix/parked-ends.ts';
import type { PrefixStore } from '../prefix/prefix-store.ts';
import { Reading } from '../prefix/reading.ts';
import { type Counters, newCounters } from './counters.ts';
import { FairQueue } from './fair-queue.ts';
import { Scheduler } from './scheduler.ts';
import { ALONE_BATCH, BATCH, KEPT_SEQUENCES, TILE } from './sizes.ts';
import { processTurns, type Turns } from './turns.ts';
import type { Work } from './work.ts';

/** What an operator watches. */
export interface EngineStats extends Counters {
  /** At work, and in line. */
  active: number;
  waiting: number;
  /** Tokens in the shared memory, and what it holds at most. */
  cells: number;
  cellsTotal: number;
  /** Sequences kept for those who come after. */
  keptPrefixes: number;
}

/** What came of warming a prefix. */
export interface Warmed {
  tokens: number;
  /** Of these, how many were known already, from memory or disk. */
  reused: number;
  /** Whether it is in memory now; false for a model whose memory cannot be shared (recurrent ones). */
  kept: boolean;
  /** Whether it is on disk for the next start; false where that is not wanted, or the disk does not take it. */
  stored: boolean;
}

/** Memory for what is parked, where a tenth of the free memory is not less. */
const PARKED_BYTES = 512 << 20;
/** `LLAMA_MAX_SEQ`. */
const MAX_SEQUENCES = 256;

/** Where answers are written alone. */
interface Alone {
  context: Context;
  scheduler: Scheduler;
}

/** A model at work: the memory that everybody shares, and on demand one for answers that are written alone. */
export class Serving {
  /** Whoever decodes, in whatever context of whatever model, does it in turn. */
  readonly turns: Turns = processTurns;
  #native: { lib: Libllama; model: Pointer };
  #settings: EngineSettings;
  #counters = newCounters();
  #queue = new FairQueue<Work>();
  #reuse: boolean;
  #context: Context;
  #shared: Scheduler;
  #store: PrefixStore | undefined;
  #writing: Promise<unknown> = Promise.resolve();
  #alone: Alone | undefined;
  #making: Promise<Alone> | undefined;

  /** @throws LucieError `ENGINE_MEMORY` */
  constructor(
    native: { lib: Libllama; model: Pointer },
    settings: EngineSettings,
    store: PrefixStore | undefined,
  ) {
    this.#native = native;
    this.#settings = settings;
    const { lib, model } = native;
    // A recurrent state cannot be shared up to a position, only gone on from as a whole.
    const reuse = !lib.model_is_recurrent(model) && !lib.model_is_hybrid(model);
    this.#reuse = reuse;
    const { sequences: slots, threads } = settings;
    const sequences = reuse ? Math.min(MAX_SEQUENCES - 1, slots + KEPT_SEQUENCES) : slots;
    const fillers = reuse ? { sequence: sequences, cells: TILE } : undefined;
    this.#context = new Context(lib, model, {
      cells: settings.cacheTokens + (fillers?.cells ?? 0),
      sequences: fillers ? sequences + 1 : sequences,
      batchSize: BATCH,
      outputs: slots,
      threads,
    });
    this.#store = reuse ? store : undefined;
    const context = this.#context;
    const parked =
      fillers && parkedEnds(context, { scratch: fillers.sequence, tokens: settings.cacheTokens });
    this.#shared = new Scheduler(context, {
      ...this.#common(),
      alone: false,
      slots,
      sequences,
      reuse,
      ...(fillers && { fillers }),
      ...(this.#store && { store: this.#store }),
      ...(parked && { parked }),
    });
  }

  /** @throws LucieError `QUEUE_FULL` when nobody more can get in line */
  mustHaveRoom(): void {
    const { maxWaiting } = this.#settings;
    if (this.#queue.size < maxWaiting) return;
    throw new LucieError({
      code: 'QUEUE_FULL',
      found: `${maxWaiting} in line`,
      expected: 'fewer',
      todo: 'ask again in a moment',
    });
  }

  add(work: Work): void {
    this.#queue.push(work);
    if (work.alone) this.#startAlone();
    else this.#shared.start();
  }

  /** From 1; 0 when it is not in line. */
  placeOf(work: Work): number {
    return this.#queue.placeOf(work);
  }

  /** Reads tokens once, for everybody to go on from, and keeps what came of it on disk. */
  async warm(tokens: readonly number[], opts: { name: string; signal?: AbortSignal }): Promise<Warmed> {
    opts.signal?.throwIfAborted();
    // What cannot be gone on from need not be read.
    if (!this.#reuse) return { tokens: tokens.length, reused: 0, kept: false, stored: false };
    let reused = tokens.length;
    if (!this.#shared.tree.findPinned(tokens)) {
      const reading = new Reading(tokens);
      const stop = () => reading.fail(opts.signal!.reason);
      opts.signal?.addEventListener('abort', stop, { once: true });
      this.add(reading);
      await reading.done.finally(() => opts.signal?.removeEventListener('abort', stop));
      reused = reading.reused;
    }
    return { tokens: tokens.length, reused, kept: true, stored: await this.#keepOnDisk(tokens, opts.name) };
  }

  async #keepOnDisk(tokens: readonly number[], name: string): Promise<boolean> {
    const store = this.#store;
    if (!store || store.has(tokens)) return store !== undefined;
    const state = await this.#shared.between(async () => {
      const branch = this.#shared.tree.findPinned(tokens);
      return branch && this.#context.save(branch.sequence);
    });
    if (!state) return false;
    const written = store.write(tokens, state, name).then(
      () => true,
      () => false,
    );
    this.#writing = Promise.all([this.#writing, written]);
    return written;
  }

  get load(): { active: number; waiting: number } {
    return {
      active: this.#shared.active + (this.#alone?.scheduler.active ?? 0),
      waiting: this.#queue.size,
    };
  }

  get stats(): EngineStats {
    const { tree } = this.#shared;
    return {
      ...this.#counters,
      ...this.load,
      cells: tree.cells,
      cellsTotal: tree.capacity,
      keptPrefixes: tree.kept,
    };
  }

  /** Cancels everything, waits for the step under way, frees the memory. */
  async close(): Promise<void> {
    for (const work of this.#queue.order()) work.cancel();
    await Promise.allSettled([this.#shared.close(), this.#making]);
    await this.#alone?.scheduler.close();
    await this.#writing;
    this.#context[Symbol.dispose]();
    this.#alone?.context[Symbol.dispose]();
  }

  /** Never within a call of `generate`: making the context takes a while, and fails for want of memory. */
  #startAlone(): void {
    if (this.#alone) {
      this.#alone.scheduler.start();
      return;
    }
    this.#making ??= this.turns.take(async () => this.#makeAlone());
    this.#making.then(
      ({ scheduler }) => scheduler.start(),
      (error: unknown) => {
        this.#making = undefined;
        for (const work of this.#queue.order()) if (work.alone) work.fail(error);
        this.#queue.prune((work) => work.finished);
      },
    );
  }

  #makeAlone(): Alone {
    const { lib, model } = this.#native;
    const context = new Context(lib, model, {
      cells: this.#settings.contextSize,
      sequences: 1,
      batchSize: ALONE_BATCH,
      outputs: 1,
      threads: this.#settings.threads,
    });
    const options = { alone: true, slots: 1, sequences: 1, reuse: false, fixedChunk: ALONE_BATCH };
    this.#alone = { context, scheduler: new Scheduler(context, { ...this.#common(), ...options }) };
    return this.#alone;
  }

  #common(): { queue: FairQueue<Work>; turns: Turns; counters: Counters } {
    return { queue: this.#queue, turns: this.turns, counters: this.#counters };
  }
}

/**
 * @param opts.scratch - a sequence that has nothing between two steps
 * @param opts.tokens - of what is parked: as much as the shared memory holds, so that small models soon stop growing
 */
function parkedEnds(context: Context, opts: { scratch: number; tokens: number }): ParkedEnds {
  const { scratch, tokens } = opts;
  return new ParkedEnds(
    {
      saveEnd: (sequence, from) => context.saveEnd(sequence, { from, scratch }),
      restoreEnd: (state, sequence, part) => context.restoreEnd(state, { ...part, sequence, scratch }),
    },
    { bytes: Math.min(PARKED_BYTES, availableMemory() / 10), tokens },
  );
}
