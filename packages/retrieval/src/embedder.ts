/** Turns texts into unit vectors whose dot product tells how near they are in meaning. */
export interface Embedder {
  /** Which vectors may be compared: another name, other vectors. */
  readonly name: string;
  readonly dimension: number;
  /** Tokens of a text that are read: what stands behind them does not count. */
  readonly longest?: number;
  /** How far the cosines of the nearest and of the fiftieth passage lie apart as a rule, where that was measured. */
  readonly spread?: number;
  /** How many tokens a text has, where the embedder can tell at once. */
  tokens?(text: string): number;
  embedQuestion(text: string, signal?: AbortSignal): Promise<Float32Array>;
  embedPassages(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>;
}
