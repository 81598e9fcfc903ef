/** Reads question and passage together, which tells more than comparing their vectors. */
export interface Reader {
  /** Which readings may be compared: another name, other numbers. */
  readonly name: string;
  /**
   * One reading a passage, in their order. Remembers nothing of what it read.
   * @throws the signal's reason
   */
  read(question: string, passages: readonly string[], signal?: AbortSignal): Promise<Reading[]>;
}

/** Two probabilities, 0…1, each for itself: they do not sum to one. */
export interface Reading {
  /** That the passage answers the question. */
  answers: number;
  /** That the passage contradicts what the question takes for granted. */
  contradicts: number;
}
