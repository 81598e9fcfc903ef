/** Weights that share one scale. */
export const Q4_BLOCK = 32;
/** Bytes of a block: the scale as float16, then 16 bytes of two weights each. */
export const Q4_BYTES = 18;

/**
 * ggml's Q4_0 (`quantize_row_q4_0_ref`): per block of 32, d is the value of largest magnitude, the first of equals,
 * divided by −8; q = ⌊x·(1/d) + 8.5⌋ in 0…15, in float32 and with the d that is not yet rounded to float16; byte j
 * holds q of weight j in its low half and of weight j + 16 in its high half.
 * @param values - a multiple of 32 of them
 * @throws RangeError when a value is no number or so large that its scale is no float16
 */
export function quantizeQ4(values: Float32Array): Uint8Array<ArrayBuffer> {
  if (values.length % Q4_BLOCK !== 0)
    throw new RangeError(`${values.length} values in blocks of ${Q4_BLOCK}`);
  const blocks = new Uint8Array((values.length / Q4_BLOCK) * Q4_BYTES);
  const view = new DataView(blocks.buffer);
  for (let from = 0, to = 0; from < values.length; from += Q4_BLOCK, to += Q4_BYTES) {
    const d = scaleOf(values, from);
    view.setFloat16(to, d, true);
    if (!Number.isFinite(view.getFloat16(to, true))) throw new RangeError(`a block with the scale ${d}`);
    const inverse = d === 0 ? 0 : Math.fround(1 / d);
    for (let j = 0; j < Q4_BLOCK / 2; j++) {
      const low = nibble(values[from + j]!, inverse);
      const high = nibble(values[from + Q4_BLOCK / 2 + j]!, inverse);
      blocks[to + 2 + j] = low | (high << 4);
    }
  }
  return blocks;
}

/** A NaN makes the scale NaN: it would be smaller than nothing otherwise. */
function scaleOf(values: Float32Array, from: number): number {
  let largest = 0;
  for (let i = from; i < from + Q4_BLOCK; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) return value;
    if (Math.abs(value) > Math.abs(largest)) largest = value;
  }
  return largest / -8;
}

function nibble(value: number, inverse: number): number {
  return Math.min(15, Math.trunc(Math.fround(Math.fround(value * inverse) + 8.5)));
}

/** The weights that blocks stand for: d·(q − 8), exact in float32. */
export function dequantizeQ4(blocks: Uint8Array): Float32Array<ArrayBuffer> {
  if (blocks.length % Q4_BYTES !== 0) throw new RangeError(`${blocks.length} bytes in blocks of ${Q4_BYTES}`);
  const values = new Float32Array((blocks.length / Q4_BYTES) * Q4_BLOCK);
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);
  for (let from = 0, to = 0; from < blocks.length; from += Q4_BYTES, to += Q4_BLOCK) {
    const d = view.getFloat16(from, true);
    for (let j = 0; j < Q4_BLOCK / 2; j++) {
      const byte = blocks[from + 2 + j]!;
      values[to + j] = ((byte & 15) - 8) * d;
      values[to + Q4_BLOCK / 2 + j] = ((byte >> 4) - 8) * d;
    }
  }
  return values;
}
