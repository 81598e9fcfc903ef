import { jaccard, MinHash, shingles } from './min-hash.ts';
import { mix32 } from './words.ts';

export interface NearDuplicateOptions {
  /** Words in a run. */
  shingle: number;
  bands: number;
  rows: number;
  /** Jaccard similarity of the sets of runs from which two documents count as the same. */
  threshold: number;
}

/**
 * Finds documents that nearly repeat an earlier one. Locality-sensitive hashing (bands × rows of a MinHash signature)
 * proposes pairs; each is verified on the exact sets. A pair at similarity s is proposed with probability
 * 1 − (1 − s^rows)^bands: at 14 × 8, 92 % at 0.8 and 99.98 % at 0.9.
 *
 * Documents are offered in the order in which they are to survive. Only survivors are compared with, so every
 * refusal names a survivor, and no chain of small changes carries a document away.
 */
export class NearDuplicates {
  #options: NearDuplicateOptions;
  #hash: MinHash;
  /** Band key → last survivor's slot; slots of one key are chained through `#next`. */
  #heads = new Map<number, number>();
  #next: number[] = [];
  #sets: Uint32Array[] = [];
  #ids: string[] = [];
  /** Survivor → number of the offer that last looked at it. */
  #seen: number[] = [];
  #offers = 0;

  constructor(options: NearDuplicateOptions, seed: number) {
    this.#options = options;
    this.#hash = new MinHash(options.bands * options.rows, seed);
  }

  /**
   * The survivor that a text repeats most, or undefined: then the text becomes a survivor itself.
   * @param words - the text as `normalisedWords` gives it
   */
  offer(id: string, words: string): { id: string; similarity: number } | undefined {
    const { threshold } = this.#options;
    const set = shingles(words, this.#options.shingle);
    const keys = this.#keys(this.#hash.signature(set));
    const offer = ++this.#offers;
    let best: { id: string; similarity: number } | undefined;
    for (const key of keys) {
      for (let slot = this.#heads.get(key) ?? -1; slot >= 0; slot = this.#next[slot]!) {
        const survivor = Math.floor(slot / this.#options.bands);
        if (this.#seen[survivor] === offer) continue;
        this.#seen[survivor] = offer;
        const other = this.#sets[survivor]!;
        if (other.length === 0) continue;
        if (Math.min(set.length, other.length) < threshold * Math.max(set.length, other.length)) continue;
        const similarity = jaccard(set, other);
        if (similarity < threshold) continue;
        const id = this.#ids[survivor]!;
        if (!best || similarity > best.similarity || (similarity === best.similarity && id < best.id))
          best = { id, similarity };
      }
    }
    if (!best) this.#keep(id, set, keys);
    return best;
  }

  /** A survivor whose text has changed: nothing is compared with the old text any more. */
  forget(id: string): void {
    const survivor = this.#ids.indexOf(id);
    if (survivor >= 0) this.#sets[survivor] = new Uint32Array();
  }

  #keep(id: string, set: Uint32Array, keys: number[]): void {
    for (const key of keys) {
      const slot = this.#next.push(this.#heads.get(key) ?? -1) - 1;
      this.#heads.set(key, slot);
    }
    this.#sets.push(set);
    this.#ids.push(id);
    this.#seen.push(0);
  }

  /** One 53-bit key per band, different between bands. */
  #keys(signature: Int32Array): number[] {
    const { bands, rows } = this.#options;
    const keys: number[] = [];
    for (let band = 0; band < bands; band++) {
      let low = band + 1;
      let high = ~band;
      for (let row = band * rows; row < (band + 1) * rows; row++) {
        low = mix32(low ^ signature[row]!);
        high = Math.imul(high ^ signature[row]!, 0x9e3779b1);
      }
      keys.push((low >>> 0) * 2 ** 21 + (mix32(high) >>> 11));
    }
    return keys;
  }
}
