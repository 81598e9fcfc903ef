import { LucieError, Random } from '@lucie/ledger';
import type { Vocabulary } from '../native/vocabulary.ts';
import { draw } from './draw.ts';
import { GrammarConstraint } from './grammar/grammar-constraint.ts';
import { logProbabilities, type TokenLogprob } from './log-probabilities.ts';
import { Penalties } from './penalties.ts';
import { argmax } from './ranking.ts';
import { checkSampling, type SamplingNumbers, type SamplingOptions } from './sampling-options.ts';

/** What a sampler asks of a vocabulary. */
export type SamplerVocabulary = Pick<Vocabulary, 'size' | 'stopIds' | 'bytes'>;

export interface Sampled {
  token: number;
  /** Natural logarithm of the token's probability under the raw logits, when `topLogprobs` asks for it. */
  logprob?: number;
  top?: TokenLogprob[];
}

// Samplers run one after the other on one thread and keep nothing here between calls.
const room = makeRoom();
const roomAdmitted = makeRoom();

/** Memory that is used again for each token. */
function makeRoom(): (size: number) => Float32Array {
  let held = new Float32Array(0);
  return (size) => {
    if (held.length < size) held = new Float32Array(size);
    return held.subarray(0, size);
  };
}

/**
 * Everything between logits and a token for one request, with a random stream of its own.
 *
 * With a grammar the first draw is free; if the grammar refuses it, a second draw takes only what the grammar admits.
 * Without top-k, top-p and min-p the result has the model's distribution given the grammar; with them, the first draw
 * cuts before the grammar and the second after it, as llama.cpp does. Temperature 0 takes the best admitted.
 */
export class Sampler {
  #numbers: SamplingNumbers;
  #topLogprobs: number | undefined;
  #penalties: Penalties;
  #random: Random;
  #constraint: GrammarConstraint | undefined;

  /**
   * @param opts.seed - the same seed, options and logits draw the same tokens. Default 0
   * @throws LucieError `OPTION_INVALID`, `GRAMMAR_INVALID`, `GRAMMAR_TOO_COSTLY`, `SCHEMA_UNSUPPORTED`
   */
  constructor(opts: SamplingOptions & { seed?: number }, { vocabulary }: { vocabulary: SamplerVocabulary }) {
    const { seed, ...numbers } = checkSampling(opts, vocabulary.size);
    this.#numbers = numbers;
    this.#topLogprobs = opts.topLogprobs;
    this.#penalties = new Penalties(numbers, opts.logitBias);
    this.#random = new Random(seed, 'sampling');
    if (opts.grammar) this.#constraint = new GrammarConstraint(opts.grammar, vocabulary);
  }

  /**
   * Draws the next token and takes it as said.
   * @param logits - [vocabulary], raw; may be a view of native memory, which is read during the call and not changed
   * @param history - prompt and answer so far
   * @throws LucieError `LOGITS_INVALID` when no logit is a number, `OPTION_INVALID` when the options leave none,
   * `GRAMMAR_STUCK` when the grammar admits no token, `GRAMMAR_TOO_COSTLY` when it is too ambiguous to follow
   */
  sample(logits: Float32Array, history: readonly number[]): Sampled {
    const scores = this.#penalties.apply(logits, history, () => room(logits.length));
    let token = draw(scores, this.#numbers, this.#random);
    if (token < 0) throw nothingToDraw(logits);
    if (this.#constraint && !this.#constraint.accept(token)) {
      token = this.#drawAdmitted(scores);
      this.#constraint.accept(token);
    }
    this.#penalties.say(token);
    if (this.#topLogprobs === undefined) return { token };
    return { token, ...logProbabilities(logits, token, this.#topLogprobs) };
  }

  /** True once the grammar admits nothing more but the end. */
  get complete(): boolean {
    return this.#constraint?.complete ?? false;
  }

  #drawAdmitted(scores: Float32Array): number {
    const admitted = this.#constraint!.admitted();
    const some = roomAdmitted(admitted.length);
    for (let i = 0; i < admitted.length; i++) some[i] = scores[admitted[i]!]!;
    const index = draw(some, this.#numbers, this.#random);
    if (index < 0) throw stuck(admitted.length);
    return admitted[index]!;
  }
}

/** @param logits - as the model gave them: where those will do, the options are at fault */
function nothingToDraw(logits: Float32Array): LucieError {
  const best = logits[argmax(logits)];
  if (best !== undefined && best < Infinity) {
    return new LucieError({
      code: 'OPTION_INVALID',
      found: `a logitBias, with its penalties, that leaves none of ${logits.length} tokens`,
      expected: 'at least one token that is not banned',
      todo: 'ban fewer tokens',
      exitCode: 2,
    });
  }
  return new LucieError({
    code: 'LOGITS_INVALID',
    found: `no finite best among ${logits.length} logits`,
    expected: 'a number for at least one token',
    todo: 'check the model file',
  });
}

function stuck(admitted: number): LucieError {
  return new LucieError({
    code: 'GRAMMAR_STUCK',
    found: admitted
      ? 'a grammar that admits only banned tokens here'
      : 'a grammar that no token can go on from',
    expected: "a grammar that this model's vocabulary can write",
    todo: 'change the grammar, or ban fewer tokens',
  });
}
