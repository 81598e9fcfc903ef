import type { Box } from './document.ts';
import type { Hit } from './passage.ts';

/** Where a sentence comes from: always taken from what retrieval found, never from what a model wrote. */
export interface Citation {
  document: number;
  title: string;
  page: number;
  paragraph: number;
  /** Characters of the paragraph. */
  start: number;
  end: number;
  /** The words themselves. */
  quote: string;
  boxes?: Box[];
}

export interface AnswerSentence {
  text: string;
  citations: Citation[];
}

/** An answer with proof, or a refusal that says what was looked for. */
export type GroundedAnswer =
  | { kind: 'answer'; method: 'extractive' | 'generative'; sentences: AnswerSentence[]; confidence: number }
  | {
      kind: 'refusal';
      /** `silent`: nothing near enough; `unsupported`: what a model wrote has no proof; `premise`: the documents say otherwise. */
      reason: 'silent' | 'unsupported' | 'premise';
      /** The words of the question that were looked for. */
      lookedFor: string[];
      nearest: Hit[];
      confidence: number;
    };
