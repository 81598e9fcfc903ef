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

export const thresholds: Record<Format, Thresholds> = {
  F16: { top1Agreement: 0.999, meanKl: 1e-4, bitsPerByteLoss: 1e-3 },
  Q8_0: { top1Agreement: 0.99, meanKl: 1e-3, bitsPerByteLoss: 2e-3 },
  Q4_0: { top1Agreement: 0.8, meanKl: 0.1, bitsPerByteLoss: 0.05 },
};
