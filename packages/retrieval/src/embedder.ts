/** Turns texts into unit vectors whose dot product tells how near they are in meaning. */
export interface Embedder {
  /** Which vectors may be compared: another name, other vectors. */
  readonly name: string;
  readonly dimension: number;
  embedQuestion(text: string, signal?: AbortSignal): Promise<Float32Array>;
  embedPassages(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>;
}
