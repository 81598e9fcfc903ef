/**
 * Reorders the rows of a query or key projection for GGUF. Hugging Face's RoPE turns row i of a head with row
 * i + head_dim / 2; llama.cpp's, for the architecture `llama`, turns neighbours 2i and 2i + 1.
 * @param values - [heads × headDim, width], row-major
 */
export function permuteRows(values: Float32Array, opts: { headDim: number; width: number }): Float32Array {
  const { headDim, width } = opts;
  const out = new Float32Array(values.length);
  const rows = values.length / width;
  for (let row = 0; row < rows; row++) {
    const inHead = row % headDim;
    const half = inHead < headDim / 2 ? 0 : 1;
    const target = row - inHead + 2 * (inHead - half * (headDim / 2)) + half;
    out.set(values.subarray(row * width, (row + 1) * width), target * width);
  }
  return out;
}
