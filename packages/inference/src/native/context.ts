import { LucieError } from '@lucie/ledger';
import koffi from 'koffi';
import { callAsync, type Libllama, type Pointer } from './libllama.ts';
import { takeNativeError } from './native-log.ts';

/** One token to be decoded: of which sequence, at which position, and whether its logits are wanted. */
export interface Step {
  token: number;
  position: number;
  sequence: number;
  logits: boolean;
}

/**
 * A libllama context: the memory of `sequences` sequences and one batch in native memory. Decoding runs on a thread of
 * libuv's pool; only one decode may be under way at a time.
 */
export class Context {
  /** Tokens that one sequence can hold. */
  readonly sequenceLength: number;
  readonly batchSize: number;
  #lib: Libllama;
  #context: Pointer;
  #memory: Pointer;
  #vocabSize: number;
  #batch: NativeBatch;

  /** @throws LucieError `ENGINE_MEMORY` when llama.cpp cannot make the context */
  constructor(
    lib: Libllama,
    model: Pointer,
    opts: {
      contextSize: number;
      sequences: number;
      batchSize: number;
      outputs: number;
      threads: number;
      vocabSize: number;
    },
  ) {
    this.#lib = lib;
    this.batchSize = opts.batchSize;
    this.#vocabSize = opts.vocabSize;
    takeNativeError();
    this.#context = lib.init_from_model(model, {
      ...lib.context_default_params(),
      n_ctx: opts.contextSize * opts.sequences,
      n_batch: opts.batchSize,
      n_ubatch: opts.batchSize,
      n_seq_max: opts.sequences,
      n_outputs_max: opts.outputs,
      n_outputs_max_per_seq: 0,
      n_threads: opts.threads,
      n_threads_batch: opts.threads,
    });
    if (this.#context === null) {
      throw new LucieError({
        code: 'ENGINE_MEMORY',
        found: `no context of ${opts.sequences} × ${opts.contextSize} tokens (${takeNativeError() || 'no reason given'})`,
        expected: 'enough memory for the context',
        todo: 'ask for fewer sequences or a smaller context',
      });
    }
    this.#memory = lib.get_memory(this.#context);
    this.sequenceLength = Math.min(opts.contextSize, lib.n_ctx_seq(this.#context));
    this.#batch = new NativeBatch(opts.batchSize);
  }

  /**
   * Decodes up to `batchSize` tokens and adds them to their sequences.
   * @returns logits [vocabulary] of each step that asked for them, by its index; a copy
   * @throws LucieError `DECODE_FAILED`
   */
  async decode(steps: readonly Step[]): Promise<Map<number, Float32Array>> {
    takeNativeError();
    const status = await callAsync(this.#lib.decode, this.#context, this.#batch.fill(steps));
    if (status !== 0) {
      throw new LucieError({
        code: 'DECODE_FAILED',
        found: `status ${status} from llama_decode (${takeNativeError() || 'no reason given'})`,
        expected: 'status 0',
        todo: 'ask for fewer sequences or a smaller context, and report it if that does not help',
      });
    }
    const logits = new Map<number, Float32Array>();
    for (const [i, step] of steps.entries()) {
      if (!step.logits) continue;
      const at = this.#lib.get_logits_ith(this.#context, i);
      logits.set(i, new Float32Array(koffi.view(at, 4 * this.#vocabSize)).slice());
    }
    return logits;
  }

  /** Forgets everything of a sequence. */
  forget(sequence: number): void {
    this.#lib.memory_seq_rm(this.#memory, sequence, -1, -1);
  }

  [Symbol.dispose](): void {
    this.#lib.free(this.#context);
    this.#batch[Symbol.dispose]();
  }
}

/** `llama_batch` in native memory: an asynchronous call must not depend on what the garbage collector moves. */
class NativeBatch {
  #blocks: unknown[] = [];
  #struct: Record<string, number | bigint | null>;
  #tokens: Int32Array;
  #positions: Int32Array;
  #sequences: Int32Array;
  #logits: Int8Array;

  constructor(size: number) {
    this.#tokens = new Int32Array(this.#allocate(4 * size).view);
    this.#positions = new Int32Array(this.#allocate(4 * size).view);
    this.#sequences = new Int32Array(this.#allocate(4 * size).view);
    this.#logits = new Int8Array(this.#allocate(size).view);
    const counts = this.#allocate(4 * size);
    new Int32Array(counts.view).fill(1);
    // Each token belongs to one sequence, so its list of sequences is one place in `#sequences`.
    const lists = this.#allocate(8 * size);
    const first = this.#address(2);
    new BigUint64Array(lists.view).forEach((_, i, all) => {
      all[i] = first + BigInt(4 * i);
    });
    this.#struct = {
      n_tokens: 0,
      token: this.#address(0),
      embd: null,
      pos: this.#address(1),
      n_seq_id: this.#address(4),
      seq_id: this.#address(5),
      logits: this.#address(3),
    };
  }

  fill(steps: readonly Step[]): Record<string, number | bigint | null> {
    if (steps.length > this.#tokens.length)
      throw new RangeError(`${steps.length} steps in a batch of ${this.#tokens.length}`);
    for (const [i, step] of steps.entries()) {
      this.#tokens[i] = step.token;
      this.#positions[i] = step.position;
      this.#sequences[i] = step.sequence;
      this.#logits[i] = step.logits ? 1 : 0;
    }
    return { ...this.#struct, n_tokens: steps.length };
  }

  [Symbol.dispose](): void {
    for (const block of this.#blocks) koffi.free(block);
    this.#blocks = [];
  }

  #allocate(bytes: number): { view: ArrayBuffer } {
    const block: unknown = koffi.alloc('uint8', bytes);
    this.#blocks.push(block);
    return { view: koffi.view(block, bytes) };
  }

  #address(block: number): bigint {
    return koffi.address(this.#blocks[block]);
  }
}
