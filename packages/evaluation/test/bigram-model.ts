import type { LanguageModel, Window } from '../src/language-model.ts';

/**
 * A real if modest language model for tests: bytes as tokens (256 ends a document), counts of neighbours in a
 * training text with one added to each.
 */
export class BigramModel implements LanguageModel {
  readonly vocabSize = 257;
  readonly eosId = 256;
  readonly contextLength: number;
  /** Every window that was asked for. */
  readonly asked: Window[] = [];
  readonly #counts = new Float64Array(257 * 257).fill(1);
  readonly #totals = new Float64Array(257).fill(257);

  constructor(training: string[], contextLength = 16) {
    this.contextLength = contextLength;
    for (const text of training) {
      const ids = [256, ...this.encode(text), 256];
      for (let i = 1; i < ids.length; i++) {
        this.#counts[ids[i - 1]! * 257 + ids[i]!]!++;
        this.#totals[ids[i - 1]!]!++;
      }
    }
  }

  encode(text: string): Uint32Array {
    return Uint32Array.from(Buffer.from(text, 'utf8'));
  }

  logProb(before: number, id: number): number {
    return Math.log(this.#counts[before * 257 + id]! / this.#totals[before]!);
  }

  async logProbs(windows: Window[]): Promise<Float64Array[]> {
    this.asked.push(...windows);
    return windows.map(({ ids, from }) =>
      Float64Array.from(ids.subarray(from), (id, i) => this.logProb(ids[from + i - 1]!, id)),
    );
  }
}
