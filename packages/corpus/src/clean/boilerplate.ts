import { hash53, normalisedWords } from './words.ts';

export interface BoilerplateOptions {
  /** Shorter lines are headings and labels, which may well repeat. */
  minimumCharacters: number;
  /** A line in more documents than this is kept in the first of them only. */
  maximumDocuments: number;
}

/** A paragraph that ends like a sentence. Without a list item, a table row or the words that announce a list, what is left would not make sense. */
const SENTENCE = /^[\p{L}\p{N}«"(][^|]*[.!?»)]$/u;

/** Lines that stand in too many documents, found in a first pass and taken out in a second. */
export class Boilerplate {
  #options: BoilerplateOptions;
  /** Hash of a line → number of documents that hold it. */
  #counts = new Map<number, number>();
  #shown = new Set<number>();

  constructor(options: BoilerplateOptions) {
    this.#options = options;
  }

  count(text: string): void {
    const own = new Set<number>();
    for (const line of text.split('\n')) {
      const hash = this.#hash(line);
      if (hash === undefined || own.has(hash)) continue;
      own.add(hash);
      this.#counts.set(hash, (this.#counts.get(hash) ?? 0) + 1);
    }
  }

  /** The text without repeated lines; the same string when there are none. */
  strip(text: string): string {
    let removed = false;
    const first = new Set<number>();
    const kept = text.split('\n').filter((line) => {
      const hash = this.#hash(line);
      if (hash === undefined || (this.#counts.get(hash) ?? 0) <= this.#options.maximumDocuments) return true;
      if (!this.#shown.has(hash)) {
        first.add(hash);
        return true;
      }
      removed = true;
      return false;
    });
    for (const hash of first) this.#shown.add(hash);
    if (!removed) return text;
    return kept
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  }

  #hash(line: string): number | undefined {
    return line.length >= this.#options.minimumCharacters && SENTENCE.test(line)
      ? hash53(normalisedWords(line))
      : undefined;
  }
}
