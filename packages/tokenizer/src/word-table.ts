/** A copy of `array` with room for at least `length` elements, doubling. */
export function grown<T extends Uint16Array | Int32Array | Uint32Array | Float64Array>(
  array: T,
  length: number,
): T {
  let room = Math.max(16, array.length);
  while (room < length) room *= 2;
  const bigger = new (array.constructor as new (length: number) => T)(room);
  bigger.set(array);
  return bigger;
}

/**
 * Numbers distinct words 0, 1, 2, … in the order in which they are first met. The key is a stretch of a text, compared
 * by UTF-16 units, so that looking up a word already known allocates nothing.
 */
export class WordTable {
  size = 0;
  #slots = new Int32Array(1 << 12).fill(-1);
  #hashes = new Int32Array(1 << 11);
  #starts = new Int32Array((1 << 11) + 1);
  #units = new Uint16Array(1 << 14);

  /** UTF-16 units held by all words: what bounds the memory. */
  get units(): number {
    return this.#starts[this.size]!;
  }

  /** Number of the word text[start, end); equal to the former `size` when the word is new. */
  intern(text: string, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    hash ^= hash >>> 13;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; this.#slots[slot] !== -1; slot = (slot + 1) & mask) {
      const word = this.#slots[slot]!;
      if (this.#hashes[word] === hash && this.#equals(word, text, start, end)) return word;
    }
    const word = this.size;
    this.#slots[slot] = word;
    this.#append(hash, text, start, end);
    return word;
  }

  /** The word of a number. */
  word(index: number): string {
    return String.fromCharCode(...this.#units.subarray(this.#starts[index]!, this.#starts[index + 1]!));
  }

  #equals(word: number, text: string, start: number, end: number): boolean {
    let from = this.#starts[word]!;
    if (this.#starts[word + 1]! - from !== end - start) return false;
    for (let at = start; at < end; at++) {
      if (this.#units[from++] !== text.charCodeAt(at)) return false;
    }
    return true;
  }

  #append(hash: number, text: string, start: number, end: number): void {
    const from = this.units;
    const to = from + end - start;
    if (to > this.#units.length) this.#units = grown(this.#units, to);
    for (let at = start; at < end; at++) this.#units[from + at - start] = text.charCodeAt(at);
    if (this.size + 2 > this.#starts.length) this.#starts = grown(this.#starts, this.size + 2);
    if (this.size + 1 > this.#hashes.length) this.#hashes = grown(this.#hashes, this.size + 1);
    this.#hashes[this.size] = hash;
    this.size++;
    this.#starts[this.size] = to;
    if (this.size * 2 > this.#slots.length) this.#rehash();
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let word = 0; word < this.size; word++) {
      let slot = this.#hashes[word]! & mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & mask;
      this.#slots[slot] = word;
    }
  }
}
