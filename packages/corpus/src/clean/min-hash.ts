import { Random } from '@lucie/ledger';
import { mix32 } from './words.ts';

/**
 * The hashes of all runs of `length` words of a normalised text, sorted, each once. A text of fewer words is one run.
 */
export function shingles(words: string, length: number): Uint32Array {
  const hashes: number[] = [];
  const window = new Int32Array(length);
  let count = 0;
  let word = 0x811c9dc5 | 0;
  for (let i = 0; i <= words.length; i++) {
    const code = i === words.length ? 32 : words.charCodeAt(i);
    if (code !== 32) {
      word = Math.imul(word ^ code, 0x01000193);
      continue;
    }
    window[count % length] = mix32(word);
    word = 0x811c9dc5 | 0;
    count++;
    if (count >= length) hashes.push(combine(window, count));
  }
  if (words.length > 0 && count < length) hashes.push(combine(window.subarray(0, count), count));
  const sorted = Uint32Array.from(hashes).sort();
  let unique = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[unique++] = sorted[i]!;
  }
  return sorted.slice(0, unique);
}

/** Hash of the words in a ring buffer, oldest first. */
function combine(window: Int32Array, count: number): number {
  let h = window.length;
  for (let i = 0; i < window.length; i++) {
    h = Math.imul(h ^ window[(count + i) % window.length]!, 0x9e3779b1);
    h ^= h >>> 15;
  }
  return mix32(h) >>> 0;
}

/** |A ∩ B| / |A ∪ B| of two sorted sets; 1 for two empty ones. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let i = 0;
  let j = 0;
  let common = 0;
  while (i < a.length && j < b.length) {
    const difference = a[i]! - b[j]!;
    if (difference === 0) common++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  const union = a.length + b.length - common;
  return union === 0 ? 1 : common / union;
}

/**
 * Signatures by MinHash (Broder, 1997): place i holds the least value that the i-th random permutation gives to a
 * member of the set, so that two sets agree at a place with the probability of their Jaccard similarity. The
 * permutations are x → a·x + b modulo 2³², a odd, of values that are well mixed already.
 */
export class MinHash {
  readonly size: number;
  #a: Int32Array;
  #b: Int32Array;

  constructor(size: number, seed: number) {
    const random = new Random(seed, 'minhash');
    this.size = size;
    this.#a = Int32Array.from({ length: size }, () => random.uint32() | 1);
    this.#b = Int32Array.from({ length: size }, () => random.uint32() | 0);
  }

  signature(set: Uint32Array): Int32Array {
    const least = new Int32Array(this.size).fill(0x7fffffff);
    const a = this.#a;
    const b = this.#b;
    for (let i = 0; i < this.size; i++) {
      const multiplier = a[i]!;
      const offset = b[i]!;
      let min = 0x7fffffff;
      for (let k = 0; k < set.length; k++) {
        const value = (Math.imul(set[k]!, multiplier) + offset) | 0;
        if (value < min) min = value;
      }
      least[i] = min;
    }
    return least;
  }
}
