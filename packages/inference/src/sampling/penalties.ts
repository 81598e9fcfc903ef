import { BAN, type SamplingNumbers } from './sampling-options.ts';

/** Tokens that the repetition penalty looks back at: llama.cpp's default. */
const WINDOW = 64;

type PenaltyNumbers = Pick<SamplingNumbers, 'repetitionPenalty' | 'frequencyPenalty' | 'presencePenalty'>;

/**
 * Logits that differ from the raw ones. The repetition penalty counts prompt and answer; frequency and presence count
 * the answer alone, as OpenAI's do.
 */
export class Penalties {
  #opts: PenaltyNumbers;
  #bias: ReadonlyMap<number, number>;
  #said = new Map<number, number>();

  constructor(opts: PenaltyNumbers, bias: ReadonlyMap<number, number> = new Map()) {
    this.#opts = opts;
    this.#bias = bias;
  }

  /** Counts a token of the answer. */
  say(token: number): void {
    if (this.#opts.frequencyPenalty === 0 && this.#opts.presencePenalty === 0) return;
    this.#said.set(token, (this.#said.get(token) ?? 0) + 1);
  }

  /**
   * The logits with bias and penalties: the same array when nothing changes, else `scratch` with a changed copy.
   * @param history - prompt and answer so far
   */
  apply(logits: Float32Array, history: readonly number[], scratch: () => Float32Array): Float32Array {
    const { repetitionPenalty, frequencyPenalty, presencePenalty } = this.#opts;
    const repeats = repetitionPenalty !== 1 && history.length > 0;
    if (this.#bias.size === 0 && this.#said.size === 0 && !repeats) return logits;
    const scores = scratch();
    scores.set(logits);
    for (const [id, bias] of this.#bias) scores[id] = bias <= BAN ? -Infinity : scores[id]! + bias;
    if (repeats) {
      for (const id of new Set(history.slice(-WINDOW))) {
        const score = scores[id]!;
        scores[id] = score > 0 ? score / repetitionPenalty : score * repetitionPenalty;
      }
    }
    for (const [id, times] of this.#said) scores[id]! -= times * frequencyPenalty + presencePenalty;
    return scores;
  }
}
