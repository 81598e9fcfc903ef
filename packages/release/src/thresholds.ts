/** What a quantized file may lose against the original, on held-out text. */
export interface Thresholds {
  /** Least share of positions at which the most probable token is the original's, or tied with it. */
  top1Agreement: number;
  /** Most nats per token by which the file's distribution diverges from the original's, on average. */
  meanKl: number;
  /** Most bits per byte lost, as a fraction of the original's. */
  bitsPerByteLoss: number;
}

/** File types of a release, the largest first. */
export const formats = ['F16', 'Q8_0', 'Q4_0'] as const;
export type Format = (typeof formats)[number];

/**
 * Measured first, then fixed. On 2026-11-22, `nano`'s shape after 200 of its 1,500 steps and a short SFT, 8,233 held-out
 * positions, libtorch 2.15.0 against llama.cpp v0.5.0:
 *
 * | | top 1, ties aside | top 1 to the letter | KL, nats | bits per byte lost |
 * |---|---|---|---|---|
 * | F16 | 1 | 1 | 0.00000004 | 0.000004 |
 * | Q8_0 | 0.9978 | 0.9931 | 0.00004 | −0.00007 |
 * | Q4_0 | 0.977 | 0.970 | 0.0009 | 0.0006 |
 *
 * Longer training makes sharper models that rounding hurts more, hence the room. The faults to be caught are far away:
 * rows of queries and keys left unpermuted leave a random model 3 of 100 best tokens, with a KL of 2.4 nats.
 */
export const thresholds: Record<Format, Thresholds> = {
  // Rounding to 11 bits: one position in a thousand may fall the other way; the rest is noise of the sums.
  F16: { top1Agreement: 0.999, meanKl: 1e-4, bitsPerByteLoss: 1e-4 },
  // Eight bits per weight: a file to be used in place of the original without a second thought.
  Q8_0: { top1Agreement: 0.99, meanKl: 1e-3, bitsPerByteLoss: 1e-3 },
  // Four bits, 32 weights to a scale, is a choice of size over quality; beyond this it is another model.
  Q4_0: { top1Agreement: 0.85, meanKl: 0.05, bitsPerByteLoss: 0.02 },
};
