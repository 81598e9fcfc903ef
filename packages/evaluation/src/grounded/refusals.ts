/** What became of a question, and whether the documents answer it. */
export interface Outcome {
  answerable: boolean;
  refused: boolean;
}

/** A refusal of what cannot be answered is a true positive. */
export interface RefusalScores {
  /** Of the refused, those without an answer; `null` when none is refused. */
  precision: number | null;
  /** Of those without an answer, the refused; `null` when all have one. */
  recall: number | null;
  /** Harmonic mean as 2 tp ÷ (2 tp + fp + fn); `null` when none is refused and all have an answer. */
  f1: number | null;
  /** Of those with an answer, the share that gets one; `null` when none has one. */
  coverage: number | null;
}

export function refusalScores(outcomes: readonly Outcome[]): RefusalScores {
  const count = (answerable: boolean, refused: boolean) =>
    outcomes.filter((one) => one.answerable === answerable && one.refused === refused).length;
  const right = count(false, true);
  const wrong = count(true, true);
  const missed = count(false, false);
  const answered = count(true, false);
  return {
    precision: ratio(right, right + wrong),
    recall: ratio(right, right + missed),
    f1: ratio(2 * right, 2 * right + wrong + missed),
    coverage: ratio(answered, answered + wrong),
  };
}

/** Part ÷ whole, `null` without a whole. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
