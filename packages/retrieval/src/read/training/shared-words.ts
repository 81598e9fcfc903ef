/** Words of a text that are long enough to have a matter, small letters. */
export const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu));

/** Finds passages that share rare words with a question, as a search does that knows nothing else. */
export class SharedWords<T extends { text: string }> {
  readonly #size: number;
  readonly #byWord = new Map<string, T[]>();

  constructor(passages: readonly T[]) {
    this.#size = passages.length;
    for (const passage of passages)
      for (const word of wordsOf(passage.text)) {
        const list = this.#byWord.get(word);
        if (list) list.push(passage);
        else this.#byWord.set(word, [passage]);
      }
  }

  /** Those that share most, each word by the logarithm of its rarity; equal ones in the order given. */
  nearest(question: string, count: number, accepts: (passage: T) => boolean): T[] {
    const scores = new Map<T, number>();
    for (const word of wordsOf(question)) {
      const list = this.#byWord.get(word) ?? [];
      for (const passage of list)
        scores.set(passage, (scores.get(passage) ?? 0) + Math.log(this.#size / list.length));
    }
    return [...scores]
      .filter(([passage]) => accepts(passage))
      .sort(([, a], [, b]) => b - a)
      .slice(0, count)
      .map(([passage]) => passage);
  }
}
