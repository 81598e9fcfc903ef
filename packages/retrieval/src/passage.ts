import type { Block } from './document.ts';
import type { QuestionWord } from './words/understand-question.ts';

/** A piece of a document that is found and quoted as a whole: one block, or some sentences of a long one. */
export interface Passage {
  /** Of its document in the room, from 1. */
  document: number;
  title: string;
  page: number;
  /** The block on its page, from 1. */
  paragraph: number;
  kind: Block['kind'];
  /** Characters of the block (UTF-16) that it spans. */
  start: number;
  end: number;
  text: string;
  /** Headings above it, the outermost first. */
  headings: readonly string[];
  /** The first row of its table, where the passage begins further down. */
  head?: string;
  /** The line above that announces this list or table. */
  lead?: string;
}

/** A passage that a question has found. */
export interface Hit extends Passage {
  id: number;
  /** Larger is better; comparable within one search only. */
  score: number;
  /** Its BM25 score and its cosine, where that way of searching found it. */
  lexical?: number;
  dense?: number;
  /** What the question was understood to ask for, the same for all hits of a search: spelling corrected by the room's words. */
  asked?: readonly QuestionWord[];
}
