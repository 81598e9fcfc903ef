import type { AnswerSentence, Citation } from '@lucie/retrieval';

export interface NumberedSentence {
  text: string;
  /** Numbers of its proofs, from 1. */
  numbers: number[];
}

/**
 * Gives each place that an answer cites one number, in the order in which the answer names them; the same place has the
 * same number wherever it is cited.
 */
export function numberCitations(sentences: readonly AnswerSentence[]): {
  sentences: NumberedSentence[];
  proofs: Citation[];
} {
  const proofs: Citation[] = [];
  const known = new Map<string, number>();
  const numberOf = (citation: Citation) => {
    const { document, page, paragraph, start, end } = citation;
    const place = [document, page, paragraph, start, end].join(' ');
    const number = known.get(place) ?? proofs.push(citation);
    known.set(place, number);
    return number;
  };
  const numbered = sentences.map(({ text, citations }) => ({
    text,
    numbers: [...new Set(citations.map(numberOf))],
  }));
  return { sentences: numbered, proofs };
}
