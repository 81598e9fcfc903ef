/** A hash table from two ids to a number ≥ 0, by open addressing: a `Map` would need one key object per pair. */
export class PairTable {
  #keys: Int32Array;
  #values: Int32Array;
  #mask: number;
  size = 0;

  constructor(expected = 16) {
    let slots = 32;
    while (slots < expected * 2) slots *= 2;
    this.#keys = new Int32Array(slots * 2);
    this.#values = new Int32Array(slots).fill(-1);
    this.#mask = slots - 1;
  }

  /** The value of (left, right), or -1. */
  get(left: number, right: number): number {
    return this.#values[this.#slot(left, right)]!;
  }

  set(left: number, right: number, value: number): void {
    const slot = this.#slot(left, right);
    if (this.#values[slot] === -1) this.size++;
    this.#keys[slot * 2] = left;
    this.#keys[slot * 2 + 1] = right;
    this.#values[slot] = value;
    if (this.size * 2 > this.#mask) this.#grow();
  }

  /** The slot that holds the pair, or the empty one where it belongs. */
  #slot(left: number, right: number): number {
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & this.#mask;
    while (
      this.#values[slot] !== -1 &&
      (this.#keys[slot * 2] !== left || this.#keys[slot * 2 + 1] !== right)
    ) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Int32Array(keys.length * 2);
    this.#values = new Int32Array(values.length * 2).fill(-1);
    this.#mask = values.length * 2 - 1;
    for (let slot = 0; slot < values.length; slot++) {
      if (values[slot] === -1) continue;
      const moved = this.#slot(keys[slot * 2]!, keys[slot * 2 + 1]!);
      this.#keys[moved * 2] = keys[slot * 2]!;
      this.#keys[moved * 2 + 1] = keys[slot * 2 + 1]!;
      this.#values[moved] = values[slot]!;
    }
  }
}
