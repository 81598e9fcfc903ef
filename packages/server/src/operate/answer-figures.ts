/** What is known of an answer when it has ended: figures alone, nothing that anybody wrote or is called. */
export interface AnswerFigures {
  /** As served, not as the client wrote it. */
  model: string;
  /** `stop`, `length`, `deadline`, `cancelled`, or `error`. */
  finish: string;
  promptTokens: number;
  /** Prompt tokens that came from a shared prefix. */
  cachedTokens: number;
  completionTokens: number;
  /** Time in line. */
  queuedMs?: number;
  /** From the request's arrival to the first token; absent when there was none. */
  firstTokenMs?: number;
  /** From the request's arrival to the last token. */
  totalMs: number;
  joules?: number;
}
