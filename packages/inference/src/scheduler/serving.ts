import { LucieError } from '@lucie/ledger';
import type { EngineSettings } from '../engine-options.ts';
import { Context } from '../native/context.ts';
import type { Libllama, Pointer } from '../native/libllama.ts';
import type { PrefixStore } from '../prefix/prefix-store.ts';
import { Reading } from '../prefix/reading.ts';
import { type Counters, newCounters } from './counters.ts';
import { Scheduler } from './scheduler.ts';
import { StepEnergy } from './step-energy.ts';
import { Turns } from './turns.ts';
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
  /** Whether it is on disk for the next start; false where that is not wanted, or the disk does not take it. */
  stored: boolean;
}

const BATCH = 512;
/** Chunks of prompts that are read alone: always the same, since how many go together changes the last bits. */
const ALONE_BATCH = 64;
/** Sequence ids for kept prefixes, beside those at work; each costs a row of logits in memory. */
const KEPT_SEQUENCES = 64;
/** Rows that may be added to a step: one tile of attention. */
const FILLERS = 64;
/** `LLAMA_MAX_SEQ`. */
const MAX_SEQUENCES = 256;

/** A model at work: the memory that everybody shares, and on demand one for answers that are written alone. */
export class Serving {
  /** Whoever decodes, in whatever context of this model, does it in turn. */
  readonly turns = new Turns();
  #native: { lib: Libllama; model: Pointer };
  #settings: EngineSettings;
  #counters = newCounters();
  #energy = new StepEnergy();
  #context: Context;
  #shared: Scheduler;
  #store: PrefixStore | undefined;
  #writing: Promise<unknown> = Promise.resolve();
  #alone: { context: Context; scheduler: Scheduler } | undefined;

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
    const { sequences: slots, threads } = settings;
    const sequences = reuse ? Math.min(MAX_SEQUENCES - 1, slots + KEPT_SEQUENCES) : slots;
    const fillers = reuse ? { sequence: sequences, cells: FILLERS } : undefined;
    this.#context = new Context(lib, model, {
      cells: settings.cacheTokens + (fillers?.cells ?? 0),
      sequences: fillers ? sequences + 1 : sequences,
      batchSize: BATCH,
      outputs: slots,
      threads,
    });
    this.#store = reuse ? store : undefined;
    this.#shared = new Scheduler(this.#context, {
      ...this.#common(),
      slots,
      sequences,
      reuse,
      ...(fillers && { fillers }),
      ...(this.#store && { store: this.#store }),
    });
  }

  /** @throws LucieError `QUEUE_FULL` when nobody more can get in line */
  mustHaveRoom(): void {
    const { maxWaiting } = this.#settings;
    if (this.load.waiting < maxWaiting) return;
    throw new LucieError({
      code: 'QUEUE_FULL',
      found: `${maxWaiting} in line`,
      expected: 'fewer',
      todo: 'ask again in a moment',
    });
  }

  /** @param deterministic - alone, in a context of its own */
  add(work: Work, deterministic: boolean): void {
    (deterministic ? this.#decodeAlone() : this.#shared).add(work);
  }

  /** From 1; 0 when it is not in line. */
  placeOf(work: Work): number {
    return this.#shared.placeOf(work) || (this.#alone?.scheduler.placeOf(work) ?? 0);
  }

  /** Reads tokens once, for everybody to go on from, and keeps what came of it on disk. */
  async warm(tokens: readonly number[], name: string): Promise<Warmed> {
    let reused = tokens.length;
    if (!this.#shared.tree.findPinned(tokens)) {
      const reading = new Reading(tokens);
      this.#shared.add(reading);
      await reading.done;
      reused = reading.reused;
    }
    return { tokens: tokens.length, reused, stored: await this.#keepOnDisk(tokens, name) };
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
    const loads = [this.#shared.load, this.#alone?.scheduler.load];
    return {
      active: loads.reduce((sum, load) => sum + (load?.active ?? 0), 0),
      waiting: loads.reduce((sum, load) => sum + (load?.waiting ?? 0), 0),
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
    await Promise.all([this.#shared.close(), this.#alone?.scheduler.close()]);
    await this.#writing;
    // Verification and embeddings may still have the turn.
    await this.turns.take(async () => {});
    this.#context[Symbol.dispose]();
    this.#alone?.context[Symbol.dispose]();
  }

  #decodeAlone(): Scheduler {
    if (!this.#alone) {
      const { lib, model } = this.#native;
      const context = new Context(lib, model, {
        cells: this.#settings.contextSize,
        sequences: 1,
        batchSize: ALONE_BATCH,
        outputs: 1,
        threads: this.#settings.threads,
      });
      const options = { ...this.#common(), slots: 1, sequences: 1, reuse: false, fixedChunk: ALONE_BATCH };
      this.#alone = { context, scheduler: new Scheduler(context, options) };
    }
    return this.#alone.scheduler;
  }

  #common(): { turns: Turns; energy: StepEnergy; counters: Counters } {
    return { turns: this.turns, energy: this.#energy, counters: this.#counters };
  }
}
