/** A piece of a token stream whose tail is to be scored. */
export interface Window {
  /** At least `from + 1` ids and at most `contextLength + 1`: the last id is only predicted, never read. */
  ids: Uint32Array;
  /** First position to score, at least 1: what stands before it is context. */
  from: number;
}

/**
 * What evaluation needs of a model, and all of it: an engine that can say this is measured by every task that works
 * by likelihood.
 */
export interface LanguageModel {
  readonly vocabSize: number;
  /** Most tokens that the model may look back on. */
  readonly contextLength: number;
  /** Ends a document and therefore stands before the next one; the left context of a text on its own. */
  readonly eosId: number;
  /** Text to ids, without special tokens. */
  encode(text: string): Uint32Array;
  /**
   * Natural-log probability of `ids[from]`, `ids[from + 1]`, … given everything before each in its window.
   * Batching is the model's affair.
   */
  logProbs(windows: Window[]): Promise<Float64Array[]>;
}

/**
 * Log-likelihood of each text in nats: the sum over all of its tokens, from the start of a document.
 * A text longer than the context is scored in sliding windows, each token once.
 */
export async function logLikelihood(model: LanguageModel, texts: string[]): Promise<number[]> {
  const windows: Window[] = [];
  const owners: number[] = [];
  for (const [owner, text] of texts.entries()) {
    const stream = Uint32Array.from([model.eosId, ...model.encode(text)]);
    for (const window of slidingWindows(stream, { context: model.contextLength })) {
      windows.push(window);
      owners.push(owner);
    }
  }
  const sums = new Array<number>(texts.length).fill(0);
  for (const [i, logProbs] of (await model.logProbs(windows)).entries()) {
    for (const value of logProbs) sums[owners[i]!]! += value;
  }
  return sums;
}

/**
 * Cuts a stream into windows so that every token but the first is scored exactly once.
 *
 * The first window scores all that it can; each later one scores the next `stride` tokens, with the rest of the
 * context before them. So every token is predicted from all the tokens before it, or from at least
 * `context + 1 - stride` of them.
 * @param opts.stride - tokens scored per window, by default a quarter of the context: the fewer, the more context
 *   each token has and the longer it takes
 */
export function slidingWindows(stream: Uint32Array, opts: { context: number; stride?: number }): Window[] {
  const { context, stride = Math.max(1, Math.floor(context / 4)) } = opts;
  if (!Number.isInteger(stride) || stride < 1 || stride > context) {
    throw new RangeError(`stride ${stride} with a context of ${context}: 1 to ${context}`);
  }
  const windows: Window[] = [];
  let from = 1;
  while (from < stream.length) {
    const end = Math.min(stream.length, from === 1 ? context + 1 : from + stride);
    const start = Math.max(0, end - context - 1);
    windows.push({ ids: stream.subarray(start, end), from: from - start });
    from = end;
  }
  return windows;
}
