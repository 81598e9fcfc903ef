import { LucieError } from '@lucie/ledger';
import type { Context } from '../native/context.ts';
import type { ParkedEnds } from '../prefix/parked-ends.ts';
import { PrefixFetcher } from '../prefix/prefix-fetcher.ts';
import type { PrefixStore, StoredPrefix } from '../prefix/prefix-store.ts';
import { PrefixTree } from '../prefix/prefix-tree.ts';
import { Admission } from './admission.ts';
import { BatchWidth } from './batch-width.ts';
import { countStep } from './count-step.ts';
import type { Counters } from './counters.ts';
import type { FairQueue } from './fair-queue.ts';
import { fillBatch } from './fill-batch.ts';
import { planReading } from './plan-reading.ts';
import { remaining, type Slot } from './slot.ts';
import { StepBudget } from './step-budget.ts';
import type { Turns, Used } from './turns.ts';
import type { Work } from './work.ts';

/** No step is longer, as far as measurements tell: so long does a cancellation wait, or an answer for its next token. */
const STEP_MS = 250;

/** Cells that nobody at work uses, kept all the same: what is gone on from most often, and too small to be moved about. */
const IDLE_CELLS = 128;

const NO_LOGITS = new Float32Array(0);

export interface SchedulerOptions {
  /** The line, which several schedulers may serve. */
  queue: FairQueue<Work>;
  /** Serves those of the line who want to be alone, or the others. */
  alone: boolean;
  /** Most at work at the same time. */
  slots: number;
  /** Sequence ids of the context: those beyond `slots` are for what is kept. */
  sequences: number;
  /** False for a memory that cannot share, and for answers that must not depend on what was there before. */
  reuse: boolean;
  /** Tokens per step, always the same; default: what fits into 250 ms. */
  fixedChunk?: number;
  /** A sequence id beyond `sequences`, and cells beyond the tree's, for rows that only make a step wide. */
  fillers?: { sequence: number; cells: number };
  /** Prefixes on disk. */
  store?: PrefixStore;
  /** For what is kept while others are at work. */
  parked?: ParkedEnds;
  turns: Turns;
  counters: Counters;
}

/**
 * Continuous batching: each step decodes one token of every answer being written, and fills up with prompts being read.
 * When cells run short, kept prefixes go first, then the youngest work goes back to the head of the line.
 */
export class Scheduler {
  readonly tree: PrefixTree;
  #context: Context;
  #opts: SchedulerOptions;
  #queue: FairQueue<Work>;
  #slots: Slot[] = [];
  #admission: Admission;
  #budget: StepBudget;
  #width = new BatchWidth();
  #fillers = 0;
  #fetcher: PrefixFetcher | undefined;
  #jobs: (() => Promise<void>)[] = [];
  #outputs: Slot[] = [];
  #running: Promise<void> | undefined;
  /** Somebody has come since the last look at what there is to do. */
  #asked = false;
  #wake: () => void = () => {};
  #told = -1;
  #closed = false;
  /** The next in line did not fit in; until somebody leaves there is no use in trying again. */
  #crowded = false;
  /** Somebody has begun or ended since the last step. */
  #changed = false;

  constructor(context: Context, opts: SchedulerOptions) {
    this.#context = context;
    this.#opts = opts;
    this.#queue = opts.queue;
    this.tree = new PrefixTree(context, {
      capacity: context.cells - (opts.fillers?.cells ?? 0),
      sequences: opts.sequences,
      ...(opts.parked && { parked: opts.parked }),
    });
    this.#admission = new Admission(this.tree, opts);
    if (opts.store) this.#fetcher = new PrefixFetcher(opts.store, this.tree);
    this.#budget = new StepBudget({ limitMs: STEP_MS, most: context.batch.capacity });
  }

  /** Generations at work. */
  get active(): number {
    return this.#slots.length;
  }

  /**
   * Does something with the context between two steps: whatever touches its memory must not run beside a decode.
   * @returns undefined when the scheduler is closed
   */
  between<T>(job: () => Promise<T>): Promise<T | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#jobs.push(() => job().then(resolve, reject));
    this.start();
    return promise;
  }

  /** Cancels everything and waits for the step under way. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const work of this.#everybody()) work.cancel();
    await this.#running;
  }

  /** Those in line for this scheduler, and those at work. */
  #everybody(): Work[] {
    return [...this.#queue.order().filter(this.#mine), ...this.#slots.map((slot) => slot.work)];
  }

  #mine = (work: Work): boolean => work.alone === this.#opts.alone;

  /** Somebody has come into the line. */
  start(): void {
    this.#asked = true;
    this.#wake();
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Those who come in the same moment are in line before the first is taken.
    await null;
    do {
      this.#asked = false;
      try {
        while (await this.#turn());
      } catch (error) {
        // Whoever waits must not wait for ever.
        for (const work of [...this.#queue.order(), ...this.#slots.map((slot) => slot.work)])
          work.fail(error);
        this.#retire();
      }
      // Between this look and the next line nobody can come: from then on `start` runs it again.
    } while (this.#asked);
    this.#running = undefined;
  }

  /** One step, and what comes between steps; false when there is nothing left to do. */
  async #turn(): Promise<boolean> {
    this.#retire();
    for (const job of this.#jobs.splice(0)) await this.#opts.turns.take(job, 'step');
    // While one is put back another may come, whose work would else begin without it.
    for (let next = this.#fetcher?.take(); next?.length; next = this.#fetcher!.take()) {
      for (const { stored, state } of next) await this.#restore(stored, state);
    }
    this.#admit();
    if (this.#slots.length > 0) {
      if (this.#changed) this.tree.park(IDLE_CELLS);
      this.#changed = false;
      if (this.#plan()) await this.#opts.turns.take((used) => this.#step(used), 'step');
      return true;
    }
    const fetched = this.#fetcher?.next;
    if (!fetched) return false;
    const arrival = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    await Promise.race([fetched, arrival]);
    return true;
  }

  #retire(): void {
    const ended = this.#slots.filter(({ work }) => work.finished);
    if (ended.length > 0) {
      this.#slots = this.#slots.filter(({ work }) => !work.finished);
      this.#crowded = false;
      this.#changed = true;
    }
    for (const slot of ended) {
      this.#leave(slot);
      this.#queue.done(slot.work);
    }
    // The one that did not fit in may be among them.
    if (this.#queue.size > 0 && this.#queue.prune((work) => work.finished) > 0) this.#crowded = false;
  }

  /** What it has read stays for others, where it may. */
  #leave({ work, branch }: Slot): void {
    if (this.#opts.reuse && work.reuse) this.tree.keep(branch);
    else this.tree.release(branch);
  }

  #admit(): void {
    if (this.#slots.length === 0) this.#crowded = false;
    while (!this.#crowded && this.#slots.length < this.#opts.slots && this.#queue.size > 0) {
      const work = this.#queue.take(
        (each) =>
          this.#mine(each) && !this.#admission.heldBack(each, this.#slots) && !this.#fetcher?.heldBack(each),
      );
      if (!work) break;
      const slot = this.#admission.admit(work, this.#slots);
      if (!slot) {
        this.#queue.pushFront(work);
        this.#crowded = true;
        break;
      }
      this.#opts.counters.reusedTokens += slot.branch.length;
      if (slot.branch.length > 0) this.#opts.counters.prefixHits++;
      work.began(slot.branch.length);
      this.#changed = true;
      if (remaining(slot) > 0) this.#slots.push(slot);
      else this.#endAtOnce(slot);
    }
    if (this.#told === this.#queue.version) return;
    this.#told = this.#queue.version;
    for (const work of this.#queue.order()) work.moved();
  }

  /** All of it is known, and nobody asked what follows. */
  #endAtOnce({ work, branch }: Slot): void {
    work.accept(NO_LOGITS);
    this.tree.keep(branch);
    this.#queue.done(work);
  }

  /** Puts a stored prefix into memory, for everybody. */
  async #restore(stored: StoredPrefix, state: Buffer): Promise<void> {
    const { tokens } = stored.head;
    if (this.tree.capacity - this.tree.heldByWork() < tokens.length) return;
    while (this.#free() < tokens.length && this.#evict()) {}
    const branch = this.tree.acquire(tokens, { scope: undefined, reuse: false });
    if (!branch) return;
    if (await this.#opts.turns.take(() => this.#context.restore(branch.sequence, state), 'step')) {
      for (const token of tokens) this.tree.append(branch, token);
      branch.pinned = true;
      this.tree.keep(branch);
      this.#opts.counters.restored++;
    } else {
      this.tree.release(branch);
      this.#fetcher!.refuse(stored);
    }
  }

  /** Fills the batch; false when that needed room first, and all is to be looked at anew. */
  #plan(): boolean {
    const reading: Slot[] = [];
    let generating = 0;
    for (const slot of this.#slots) {
      slot.planned = 1;
      if (remaining(slot) > 1) reading.push(slot);
      else generating++;
    }
    let room = 0;
    if (reading.length > 0) {
      const most = this.#context.batch.capacity - generating;
      room = Math.min(this.#opts.fixedChunk ?? this.#budget.room(generating), most);
      // Where a step would be filled up, it is filled up with prompts first.
      if (this.#opts.fillers) room += this.#width.fillers(generating + room, this.tree.cells);
      let wanted = 0;
      for (const slot of reading) wanted += remaining(slot);
      room = Math.min(room, wanted);
    }
    while (this.#free() < generating + room && this.#evict()) {}
    room = Math.min(room, this.#free() - generating);
    if (room < 0 || (room === 0 && generating === 0)) {
      this.#preempt();
      return false;
    }
    planReading(reading, room);
    fillBatch(this.#context.batch, this.#slots, this.#outputs);
    this.#widen();
    return true;
  }

  #widen(): void {
    const { batch } = this.#context;
    const { fillers } = this.#opts;
    this.#fillers = fillers ? Math.min(fillers.cells, this.#width.fillers(batch.length, this.tree.cells)) : 0;
    const token = this.#slots[0]!.work.tokens[0]!;
    for (let i = 0; i < this.#fillers; i++) batch.add(token, i, fillers!.sequence, false);
  }

  async #step(used: () => Used): Promise<void> {
    // In line for their turn all may have lost interest.
    if (this.#slots.every(({ work }) => work.finished)) return;
    try {
      if (!(await this.#context.decode())) {
        if (!this.#evict()) this.#preempt();
        return;
      }
    } catch (error) {
      // A failed decode leaves the memory of every sequence in it uncertain.
      for (const { work, planned } of this.#slots) if (planned > 0) work.fail(error);
      for (const { work, branch } of this.#slots.splice(0)) {
        this.tree.release(branch);
        if (work.finished) this.#queue.done(work);
        else this.#queue.pushFront(work);
      }
      if (this.#fillers > 0) this.#context.forget(this.#opts.fillers!.sequence);
      return;
    }
    if (this.#fillers > 0) this.#context.forget(this.#opts.fillers!.sequence);
    this.#advance();
    const rows = this.#context.logits();
    for (let i = 0; i < this.#outputs.length; i++) {
      const { work } = this.#outputs[i]!;
      try {
        if (work.accept(rows[i]!)) this.#opts.counters.completionTokens++;
      } catch (error) {
        work.fail(error);
      }
    }
    this.#count(used());
  }

  /** What was decoded is in the tree from now on. */
  #advance(): void {
    for (const { work, branch, planned } of this.#slots) {
      for (let i = 0; i < planned; i++) this.tree.append(branch, work.tokens[branch.length]!);
      this.#queue.use(work, planned);
    }
  }

  #count({ ms, energy }: Used): void {
    const fillers = this.#fillers;
    const tokens = countStep(this.#opts.counters, this.#slots, { ms, energy, fillers });
    this.#budget.measured(ms, { ...tokens, generating: tokens.generating + fillers });
    this.#width.measured(ms, {
      rows: tokens.reading + tokens.generating,
      fillers,
      cells: this.tree.cells,
    });
  }

  #free(): number {
    return this.tree.capacity - this.tree.cells;
  }

  #evict(): boolean {
    if (this.tree.evict() === 0) return false;
    this.#opts.counters.evictions++;
    return true;
  }

  /** The youngest gives up its place and begins again later, with what it has written; one alone cannot go on. */
  #preempt(): void {
    const slot = this.#slots.pop()!;
    slot.branch.pinned = false;
    this.#leave(slot);
    if (this.#slots.length === 0) {
      slot.work.fail(
        new LucieError({
          code: 'CACHE_FULL',
          found: `${slot.work.tokens.length} tokens that do not fit into ${this.tree.capacity} cells`,
          expected: 'room for one answer at least',
          todo: 'give the engine more cacheTokens',
        }),
      );
      this.#queue.done(slot.work);
      return;
    }
    this.#opts.counters.preemptions++;
    this.#queue.pushFront(slot.work);
  }
}
