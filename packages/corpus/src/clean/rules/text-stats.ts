import type { Document } from '../../document.ts';
import { countLines, type LineCounts } from './line-counts.ts';
import { type NormalisedWords, normalisedWords } from './normalised-words.ts';
import { countRaw, type RawCounts } from './raw-counts.ts';
import { type Repetition, repetitionOf } from './repetition.ts';

/** What the rules measure of a text, each part computed when the first rule asks and kept for the next. */
export class TextStats {
  readonly text: string;
  #raw: RawCounts | undefined;
  #lines: LineCounts | undefined;
  #words: NormalisedWords | undefined;
  #repetition: Repetition | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get raw(): RawCounts {
    return (this.#raw ??= countRaw(this.text));
  }

  get lines(): LineCounts {
    return (this.#lines ??= countLines(this.text));
  }

  get words(): NormalisedWords {
    return (this.#words ??= normalisedWords(this.text));
  }

  get repetition(): Repetition {
    return (this.#repetition ??= repetitionOf(this.words));
  }
}

const known = new WeakMap<Document, TextStats>();

/** The statistics of a document's text, shared by all rules that see this very object. */
export function textStats(document: Document): TextStats {
  let stats = known.get(document);
  if (!stats) known.set(document, (stats = new TextStats(document.text)));
  return stats;
}
