import type { SafetensorsEntry } from './safetensors.ts';

/** Values of a floating-point entry as float32; F16 and BF16 widen exactly, F64 rounds. */
export function toFloat32(entry: SafetensorsEntry): Float32Array {
  const { dtype, bytes } = entry;
  // A copy of its own buffer is aligned, wherever the bytes came from.
  const own = new Uint8Array(bytes).buffer;
  switch (dtype) {
    case 'F32':
      return new Float32Array(own);
    case 'F64':
      return Float32Array.from(new Float64Array(own));
    case 'F16':
      return Float32Array.from(new Float16Array(own));
    case 'BF16': {
      // bfloat16 is the upper half of a float32.
      const bits = Uint32Array.from(new Uint16Array(own), (half) => half << 16);
      return new Float32Array(bits.buffer);
    }
    default:
      throw new TypeError(`${dtype} is not a floating-point type`);
  }
}

/** float32 values as an entry of the given type; narrower ones round to nearest, ties to even. */
export function fromFloat32(
  values: Float32Array,
  shape: number[],
  dtype: 'F32' | 'F16' | 'BF16' = 'F32',
): SafetensorsEntry {
  return { dtype, shape, bytes: narrow(values, dtype) };
}

function narrow(values: Float32Array, dtype: 'F32' | 'F16' | 'BF16'): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (dtype === 'F16') return new Uint8Array(Float16Array.from(values).buffer);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = Uint16Array.from(bits, (word, i) =>
    // Rounding could carry a NaN into infinity; a quiet NaN keeps its sign.
    Number.isNaN(values[i]) ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16,
  );
  return new Uint8Array(halves.buffer);
}
