import { Random } from '@lucie/ledger';

/** Finaliser of 32 bits with full avalanche (Murmur3's, by Austin Appleby, public domain constants). */
export function mix32(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The permutations x → a·x + b modulo 2³², a odd, of values that are well mixed already. */
export interface Permutations {
  a: Int32Array;
  b: Int32Array;
}

export function permutations(count: number, seed: number): Permutations {
  const random = new Random(seed, 'minhash');
  return {
    a: Int32Array.from({ length: count }, () => random.uint32() | 1),
    b: Int32Array.from({ length: count }, () => random.uint32() | 0),
  };
}

/**
 * Signature by MinHash (Broder, 1997): place i holds the least value, as a signed integer, that the i-th permutation
 * gives to a member of the set, so that two sets agree at a place with the probability of their Jaccard similarity.
 * Members may repeat. `WasmMinHash` does the same sixteen permutations at a time; a test holds the two equal.
 */
export function minHash(set: Int32Array, { a, b }: Permutations): Int32Array {
  const least = new Int32Array(a.length).fill(0x7fffffff);
  for (let i = 0; i < a.length; i++) {
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
