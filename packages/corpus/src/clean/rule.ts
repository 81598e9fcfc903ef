import type { Document } from '../document.ts';

/** Something that every document passes by itself: it lets it through, changes it, or refuses it. */
export interface Rule {
  /** Short and stable, the label of every count and refusal: `quality/mean-word-length`. */
  name: string;
  /** The document as it goes on (the same object when nothing changes), or why it does not. */
  apply(document: Document): Document | Refusal;
  /** What the rule counts besides documents and bytes, e.g. `{ email: 12, iban: 3 }`; read when all documents have passed. */
  counts?(): Record<string, number>;
}

/** A document is refused: what the rule measured, for `rejected.parquet`. */
export class Refusal {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}
