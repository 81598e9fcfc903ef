import type { Permutations } from './min-hash.ts';
import { op, wasmModule } from './wasm-module.ts';

/** Permutations whose least values stay in registers while one pass goes over the set: four vectors of four. */
const BLOCK = 16;
const VECTORS = BLOCK / 4;
/** Of a block: multipliers, offsets, least values. */
const BLOCK_BYTES = 3 * BLOCK * 4;
const PAGE = 65536;

/**
 * `run(set, end, block)`: for the block of 16 permutations at `block` (a, b, least: 64 bytes each) lowers `least` by
 * every member between the addresses `set` and `end`.
 */
function kernel(): Uint8Array<ArrayBuffer> {
  const [set, end, block] = [0, 1, 2];
  const member = 3;
  const a = (i: number) => 4 + i;
  const b = (i: number) => 4 + VECTORS + i;
  const least = (i: number) => 4 + 2 * VECTORS + i;
  const each = (code: (i: number) => readonly number[]) =>
    Array.from({ length: VECTORS }, (_, i) => [...code(i)]).flat();
  const load = (local: number, offset: number) => [
    ...op.localGet(block),
    ...op.v128Load(offset),
    ...op.localSet(local),
  ];
  return wasmModule({
    parameters: 3,
    vectors: 1 + 3 * VECTORS,
    code: [
      ...each((i) => load(a(i), 16 * i)),
      ...each((i) => load(b(i), 64 + 16 * i)),
      ...each((i) => load(least(i), 128 + 16 * i)),
      ...op.block,
      ...op.loop,
      ...op.localGet(set),
      ...op.localGet(end),
      ...op.i32GeU,
      ...op.brIf(1),
      ...op.localGet(set),
      ...op.v128Load32Splat(0),
      ...op.localSet(member),
      ...each((i) => [
        ...op.localGet(member),
        ...op.localGet(a(i)),
        ...op.i32x4Mul,
        ...op.localGet(b(i)),
        ...op.i32x4Add,
        ...op.localGet(least(i)),
        ...op.i32x4MinS,
        ...op.localSet(least(i)),
      ]),
      ...op.localGet(set),
      ...op.i32Const(4),
      ...op.i32Add,
      ...op.localSet(set),
      ...op.br(0),
      ...op.end,
      ...op.end,
      ...each((i) => [...op.localGet(block), ...op.localGet(least(i)), ...op.v128Store(128 + 16 * i)]),
    ],
  });
}

/** `minHash` in WebAssembly SIMD: the set lies in the module's memory, so that whoever makes it writes it there. */
export class WasmMinHash {
  readonly signature: Int32Array;
  #memory: WebAssembly.Memory;
  #run: (set: number, end: number, block: number) => void;
  /** Bytes of the blocks of permutations at the start of the memory; behind them lies the set. */
  #start: number;
  #set: Int32Array;
  /** The least values of each block. */
  #least: Int32Array[] = [];

  constructor({ a, b }: Permutations) {
    const blocks = Math.ceil(a.length / BLOCK);
    this.signature = new Int32Array(a.length);
    this.#start = blocks * BLOCK_BYTES;
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(this.#start / PAGE) + 1 });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(kernel()), {
      env: { memory: this.#memory },
    });
    this.#run = instance.exports.run as (set: number, end: number, block: number) => void;
    for (let block = 0; block < blocks; block++) {
      const memory = new Int32Array(this.#memory.buffer, block * BLOCK_BYTES, 2 * BLOCK);
      memory.set(a.subarray(block * BLOCK, (block + 1) * BLOCK), 0);
      memory.set(b.subarray(block * BLOCK, (block + 1) * BLOCK), BLOCK);
    }
    this.#set = this.#views();
  }

  /** Room for a set of so many members. What an earlier call returned is void; what was written stays. */
  reserve(members: number): Int32Array {
    if (members > this.#set.length) {
      const bytes = this.#start + 4 * members - this.#memory.buffer.byteLength;
      this.#memory.grow(Math.ceil(bytes / PAGE));
      this.#set = this.#views();
    }
    return this.#set;
  }

  /** The first members of the set. */
  members(count: number): Int32Array {
    return this.#set.subarray(0, count);
  }

  /** The signature of the first `members` of the set, in `signature`. */
  sign(members: number): Int32Array {
    for (const [block, least] of this.#least.entries()) {
      least.fill(0x7fffffff);
      this.#run(this.#start, this.#start + 4 * members, block * BLOCK_BYTES);
      const left = this.signature.length - block * BLOCK;
      this.signature.set(left < BLOCK ? least.subarray(0, left) : least, block * BLOCK);
    }
    return this.signature;
  }

  #views(): Int32Array {
    const { buffer } = this.#memory;
    this.#least = Array.from(
      { length: this.#start / BLOCK_BYTES },
      (_, block) => new Int32Array(buffer, block * BLOCK_BYTES + 8 * BLOCK, BLOCK),
    );
    return new Int32Array(buffer, this.#start);
  }
}
