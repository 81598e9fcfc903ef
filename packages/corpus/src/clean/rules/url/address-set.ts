import { hash53 } from '../../words.ts';

/**
 * Millions of addresses with a small number each, in 9 bytes a slot at a load of at most one half: only 53 bits of
 * hash are kept, so one of 2^53 / n addresses asked for that are not in it is found all the same (for UT1's five
 * million: one in 1.8 thousand million).
 */
export class AddressSet {
  #hashes: Float64Array;
  #values: Uint8Array;
  #size = 0;

  constructor(expected = 16) {
    let capacity = 16;
    while (capacity < 2 * expected) capacity *= 2;
    this.#hashes = new Float64Array(capacity);
    this.#values = new Uint8Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** The first value of an address stays. */
  add(address: string, value: number): void {
    if (2 * (this.#size + 1) > this.#hashes.length) this.#grow();
    if (this.#put(keyOf(address), value)) this.#size++;
  }

  get(address: string): number | undefined {
    const slot = this.#slot(keyOf(address));
    return this.#hashes[slot] === 0 ? undefined : this.#values[slot];
  }

  #put(key: number, value: number): boolean {
    const slot = this.#slot(key);
    if (this.#hashes[slot] !== 0) return false;
    this.#hashes[slot] = key;
    this.#values[slot] = value;
    return true;
  }

  /** Where a key is, or the free slot where it would be. */
  #slot(key: number): number {
    const mask = this.#hashes.length - 1;
    // The upper 32 bits of the hash.
    let slot = (key / 0x200000) & mask;
    while (this.#hashes[slot] !== 0 && this.#hashes[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [hashes, values] = [this.#hashes, this.#values];
    this.#hashes = new Float64Array(2 * hashes.length);
    this.#values = new Uint8Array(2 * hashes.length);
    for (let i = 0; i < hashes.length; i++) if (hashes[i] !== 0) this.#put(hashes[i]!, values[i]!);
  }
}

/** Zero marks a free slot. */
function keyOf(address: string): number {
  return hash53(address) || 1;
}
