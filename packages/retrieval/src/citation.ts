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

/** A document that another one replaces. */
export interface Superseded {
  document: number;
  title: string;
  /** The document that holds now. */
  by: number;
}

/** An answer with proof, or a refusal that says what was looked for. */
export type GroundedAnswer =
  | {
      kind: 'answer';
      method: 'extractive' | 'generative';
      sentences: AnswerSentence[];
      /** The probability that the documents answer (0…1). */
      confidence: number;
      /** Documents that say otherwise, which a document quoted here replaces. */
      superseded?: Superseded[];
    }
  | {
      kind: 'refusal';
      /** `silent`: nothing near enough; `unsupported`: what a model wrote has no proof; `premise`: the documents say otherwise. */
      reason: 'silent' | 'unsupported' | 'premise';
      /** The words of the question that were looked for. */
      lookedFor: string[];
      nearest: Hit[];
      confidence: number;
    };
