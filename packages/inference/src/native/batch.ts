import koffi from 'koffi';

/**
 * `llama_batch` in native memory, filled token by token: an asynchronous call must not depend on what the garbage
 * collector moves, and a step must not leave garbage behind.
 */
export class Batch implements Disposable {
  readonly capacity: number;
  /** Tokens in it. */
  length = 0;
  /** Rows of logits that it asks for. */
  outputs = 0;
  /** The structure that `llama_decode` takes. */
  readonly struct: Record<string, number | bigint | null>;
  #blocks: unknown[] = [];
  #tokens: Int32Array;
  #positions: Int32Array;
  #sequences: Int32Array;
  #logits: Int8Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#tokens = new Int32Array(this.#allocate(4 * capacity));
    this.#positions = new Int32Array(this.#allocate(4 * capacity));
    this.#sequences = new Int32Array(this.#allocate(4 * capacity));
    this.#logits = new Int8Array(this.#allocate(capacity));
    new Int32Array(this.#allocate(4 * capacity)).fill(1);
    // Each token belongs to one sequence, so its list of sequences is one place in `#sequences`.
    const lists = new BigUint64Array(this.#allocate(8 * capacity));
    const first = this.#address(2);
    for (let i = 0; i < capacity; i++) lists[i] = first + BigInt(4 * i);
    this.struct = {
      n_tokens: 0,
      token: this.#address(0),
      embd: null,
      pos: this.#address(1),
      n_seq_id: this.#address(4),
      seq_id: this.#address(5),
      logits: this.#address(3),
    };
  }

  clear(): void {
    this.length = 0;
    this.outputs = 0;
  }

  /** @param logits - whether the model's opinion after this token is wanted */
  add(token: number, position: number, sequence: number, logits: boolean): void {
    const i = this.length;
    if (i === this.capacity) throw new RangeError(`more than ${i} tokens in a batch`);
    this.#tokens[i] = token;
    this.#positions[i] = position;
    this.#sequences[i] = sequence;
    this.#logits[i] = logits ? 1 : 0;
    if (logits) this.outputs++;
    this.length = i + 1;
    this.struct.n_tokens = this.length;
  }

  [Symbol.dispose](): void {
    for (const block of this.#blocks) koffi.free(block);
    this.#blocks = [];
  }

  #allocate(bytes: number): ArrayBuffer {
    const block: unknown = koffi.alloc('uint8', bytes);
    this.#blocks.push(block);
    return koffi.view(block, bytes);
  }

  #address(block: number): bigint {
    return koffi.address(this.#blocks[block]);
  }
}
