/**
 * Two tokens whose probabilities the original holds equal to one part in a hundred are a tie: which of them comes out
 * on top is a matter of rounding, in the original as well.
 */
export const TIE_NATS = 0.01;

/** Sums over positions. */
export class LogitsComparison {
  positions = 0;
  /** Positions at which the best token is the same. */
  same = 0;
  /** Positions at which the file's best token is the original's best, or tied with it. */
  agreeing = 0;
  klNats = 0;
  originalNats = 0;
  fileNats = 0;

  /**
   * Adds one position.
   * @param original - logits [vocabulary] of the original
   * @param file - the same of the file; longer by unused tokens, perhaps
   * @param next - the token that came next, where there is one
   */
  add(original: Float32Array, file: Float32Array, next: number | undefined): void {
    const p = logSoftmax(original);
    const q = logSoftmax(file.subarray(0, original.length));
    let kl = 0;
    let bestP = 0;
    let bestQ = 0;
    for (let i = 0; i < p.length; i++) {
      kl += Math.exp(p[i]!) * (p[i]! - q[i]!);
      if (p[i]! > p[bestP]!) bestP = i;
      if (q[i]! > q[bestQ]!) bestQ = i;
    }
    this.positions++;
    if (bestP === bestQ) this.same++;
    if (p[bestQ]! >= p[bestP]! - TIE_NATS) this.agreeing++;
    // Rounding can leave a tiny negative sum where the true one is zero.
    this.klNats += Math.max(0, kl);
    if (next === undefined) return;
    this.originalNats -= p[next]!;
    this.fileNats -= q[next]!;
  }
}

function logSoftmax(logits: Float32Array): Float64Array {
  let max = -Infinity;
  for (const value of logits) if (value > max) max = value;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - max);
  const norm = max + Math.log(sum);
  return Float64Array.from(logits, (value) => value - norm);
}
