import { mix32 } from './min-hash.ts';

/**
 * A key of 64 bits per band of a signature, low and high halves in turn. Which band it is enters the key: equal rows
 * in different bands are not equal keys.
 */
export function bandKeys(
  signature: Int32Array,
  shape: { bands: number; rows: number },
  keys: Int32Array,
): Int32Array {
  const { bands, rows } = shape;
  for (let band = 0; band < bands; band++) {
    let low = band + 1;
    let high = ~band;
    for (let row = band * rows; row < (band + 1) * rows; row++) {
      low = mix32(low ^ signature[row]!);
      high = Math.imul(high ^ signature[row]!, 0x9e3779b1);
      high ^= high >>> 15;
    }
    keys[2 * band] = low;
    keys[2 * band + 1] = mix32(high);
  }
  return keys;
}
