import { LucieError } from '@lucie/ledger';
import koffi from 'koffi';
import { Batch } from './batch.ts';
import { callAsync, type Libllama, type Pointer } from './libllama.ts';
import { takeNativeError } from './native-log.ts';

export interface ContextOptions {
  /** Tokens that the memory holds, those of all sequences together; a token that sequences share counts once. */
  cells: number;
  /** Sequence ids. */
  sequences: number;
  /** Most tokens per decode. */
  batchSize: number;
  /** Most rows of logits per decode. */
  outputs: number;
  threads: number;
}

/**
 * A libllama context: memory for sequences that may share what they have in common, and one batch. Decoding runs on a
 * thread of libuv's pool; only one call of `decode`, `save` or `restore` may be under way at a time.
 */
export class Context implements Disposable {
  readonly cells: number;
  readonly batch: Batch;
  #lib: Libllama;
  #context: Pointer;
  #memory: Pointer;
  #vocabSize: number;
  #rows: { address: Pointer; views: Float32Array[] } = { address: null, views: [] };

  /** @throws LucieError `ENGINE_MEMORY` when llama.cpp cannot make the context */
  constructor(lib: Libllama, model: Pointer, opts: ContextOptions) {
    this.#lib = lib;
    this.#vocabSize = lib.vocab_n_tokens(lib.model_get_vocab(model));
    takeNativeError();
    this.#context = lib.init_from_model(model, {
      ...lib.context_default_params(),
      n_ctx: opts.cells,
      n_batch: opts.batchSize,
      n_ubatch: opts.batchSize,
      n_seq_max: opts.sequences,
      // llama.cpp sets up a row for each sequence, and stops the process when there are fewer.
      n_outputs_max: Math.max(opts.outputs, opts.sequences),
      n_outputs_max_per_seq: 0,
      n_threads: opts.threads,
      n_threads_batch: opts.threads,
      // One memory for all, so that a cell can belong to several sequences and nobody owns a share that lies idle.
      kv_unified: true,
      // All of a sliding window's past stays, else a prefix could not be gone on from.
      swa_full: true,
    });
    if (this.#context === null) {
      throw new LucieError({
        code: 'ENGINE_MEMORY',
        found: `no context of ${opts.cells} tokens (${takeNativeError() || 'no reason given'})`,
        expected: 'enough memory for the context',
        todo: 'ask for fewer sequences or a smaller context',
      });
    }
    this.#memory = lib.get_memory(this.#context);
    this.cells = opts.cells;
    this.batch = new Batch(opts.batchSize);
  }

  /**
   * Decodes the batch: its tokens are in their sequences then.
   * @returns false, with nothing decoded, when there are no cells left for it
   * @throws LucieError `DECODE_FAILED`
   */
  async decode(): Promise<boolean> {
    takeNativeError();
    const status = await callAsync(this.#lib.decode, this.#context, this.batch.struct);
    if (status === 1) return false;
    if (status !== 0) {
      throw new LucieError({
        code: 'DECODE_FAILED',
        found: `status ${status} from llama_decode (${takeNativeError() || 'no reason given'})`,
        expected: 'status 0',
        todo: 'ask for fewer sequences or a smaller context, and report it if that does not help',
      });
    }
    return true;
  }

  /**
   * Logits that the last decode was asked for, in the order of its batch: [outputs][vocabulary]. They are native memory
   * itself, to be read before the next call and never to be written.
   */
  logits(): readonly Float32Array[] {
    const address = this.batch.outputs > 0 ? this.#lib.get_logits(this.#context) : null;
    if (address === null) return [];
    if (this.#rows.address !== address) this.#rows = { address, views: [] };
    const { views } = this.#rows;
    if (views.length < this.batch.outputs) {
      const all = koffi.view(address, 4 * this.#vocabSize * this.batch.outputs);
      views.length = 0;
      for (let row = 0; row < this.batch.outputs; row++) {
        views.push(new Float32Array(all, 4 * this.#vocabSize * row, this.#vocabSize));
      }
    }
    return views;
  }

  /** Gives the first `length` tokens of one sequence to another, which has none, without copying what is known of them. */
  share(from: number, to: number, length: number): void {
    this.#lib.memory_seq_cp(this.#memory, from, to, 0, length);
  }

  /** Forgets a sequence from a position on. @returns false for a memory that forgets only whole sequences */
  forget(sequence: number, from = 0): boolean {
    return this.#lib.memory_seq_rm(this.#memory, sequence, from, -1);
  }

  /** What the memory holds of a sequence, in llama.cpp's own format. */
  async save(sequence: number): Promise<Buffer<ArrayBuffer>> {
    const state = Buffer.allocUnsafe(Number(this.#lib.state_seq_get_size(this.#context, sequence)));
    const length = await callAsync(
      this.#lib.state_seq_get_data,
      this.#context,
      state,
      state.length,
      sequence,
    );
    return state.subarray(0, Number(length));
  }

  /**
   * Puts back what `save` has given. llama.cpp believes what it reads: check it first.
   * @returns false when llama.cpp does not take it (another shape, no room); the sequence has nothing then
   */
  async restore(sequence: number, state: Buffer): Promise<boolean> {
    const read = await callAsync(this.#lib.state_seq_set_data, this.#context, state, state.length, sequence);
    if (Number(read) === state.length) return true;
    this.forget(sequence);
    return false;
  }

  /** Like `save`, from a position on and at once: for ends that take a moment. `scratch` is a sequence that has nothing. */
  saveEnd(sequence: number, opts: { from: number; scratch: number }): Buffer<ArrayBuffer> {
    const { from, scratch } = opts;
    this.#lib.memory_seq_cp(this.#memory, sequence, scratch, from, -1);
    const state = Buffer.allocUnsafeSlow(Number(this.#lib.state_seq_get_size(this.#context, scratch)));
    const length = this.#lib.state_seq_get_data(this.#context, state, state.length, scratch);
    this.forget(scratch);
    return state.subarray(0, Number(length));
  }

  /** Puts the positions `from` … `to` - 1 of a saved end behind what a sequence has. @returns false when there is no room */
  restoreEnd(state: Buffer, opts: { sequence: number; from: number; to: number; scratch: number }): boolean {
    const { sequence, from, to, scratch } = opts;
    const read = this.#lib.state_seq_set_data(this.#context, state, state.length, scratch);
    const done = Number(read) === state.length;
    if (done) this.#lib.memory_seq_cp(this.#memory, scratch, sequence, from, to);
    this.forget(scratch);
    return done;
  }

  [Symbol.dispose](): void {
    this.#lib.free(this.#context);
    this.batch[Symbol.dispose]();
  }
}
