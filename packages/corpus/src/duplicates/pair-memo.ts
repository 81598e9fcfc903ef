import { mix32 } from './min-hash.ts';

const PLACES = 1 << 20;

/**
 * Remembers how the last pairs compared: a pair at 0.95 shares most of its twenty bands. Of fixed size, a newer pair
 * in the place of an older one, so that what is compared twice does not depend on the memory there is.
 */
export class PairMemo {
  #a = new Uint32Array(PLACES);
  #b = new Uint32Array(PLACES);
  #similar = new Uint8Array(PLACES);

  /** @param a - another number than `b` */
  get(a: number, b: number): boolean | undefined {
    const place = placeOf(a, b);
    return this.#a[place] === a && this.#b[place] === b ? this.#similar[place] === 1 : undefined;
  }

  set(a: number, b: number, similar: boolean): void {
    const place = placeOf(a, b);
    this.#a[place] = a;
    this.#b[place] = b;
    this.#similar[place] = similar ? 1 : 0;
  }
}

function placeOf(a: number, b: number): number {
  return mix32(Math.imul(a, 0x9e3779b1) ^ b) & (PLACES - 1);
}
