import { checkOption } from '../check-option.ts';
import type { JsonSchema } from '../json-schema/json-schema.ts';

/** What the text must be: a GBNF grammar (`root` is its first rule's name, default `root`), or JSON that fits a schema. */
export type Grammar = { gbnf: string; root?: string } | { schema: JsonSchema };

/**
 * How tokens are drawn from logits. Order: bias, repetition, frequency and presence, temperature, top-k, top-p, min-p;
 * that of Hugging Face's generation, with llama.cpp's place for the bias.
 */
export interface SamplingOptions {
  /** 0 takes the most probable token, always. Default 0.8. */
  temperature?: number;
  /** Keep only the k most probable tokens; 0 keeps all. Default 40. */
  topK?: number;
  /** Keep the smallest set of tokens whose probabilities add up to this. Default 0.95. */
  topP?: number;
  /** Keep tokens at least this many times as probable as the best. Default 0. */
  minP?: number;
  /**
   * > 1 divides positive logits, multiplies negative ones, of tokens among the last 64 of prompt and answer (Keskar et
   * al. 2019). Default 1.
   */
  repetitionPenalty?: number;
  /** Taken off a token's logit once for each time that the answer holds it, as OpenAI defines it. −2 to 2, default 0. */
  frequencyPenalty?: number;
  /** Taken off a token's logit if the answer holds it, as OpenAI defines it. −2 to 2, default 0. */
  presencePenalty?: number;
  /** Added to the raw logits by token id; −100 or less bans, as with OpenAI. */
  logitBias?: ReadonlyMap<number, number>;
  /** What the text must be. */
  grammar?: Grammar;
  /** Give log probabilities, and those of the k likeliest tokens (0 to 20). Absent: none are computed. */
  topLogprobs?: number;
}

/** The numbers among the options, each with its value. */
export type SamplingNumbers = Required<Omit<SamplingOptions, 'logitBias' | 'grammar' | 'topLogprobs'>>;

export const samplingDefaults: SamplingNumbers = {
  temperature: 0.8,
  topK: 40,
  topP: 0.95,
  minP: 0,
  repetitionPenalty: 1,
  frequencyPenalty: 0,
  presencePenalty: 0,
};

/** A bias of this or less bans a token: what OpenAI's documentation says of −100. */
export const BAN = -100;

/**
 * Options with their defaults, checked.
 * @param vocabularySize - ids of `logitBias` lie below it
 * @throws LucieError `OPTION_INVALID`
 */
export function checkSampling(
  opts: SamplingOptions & { seed?: number },
  vocabularySize: number,
): SamplingNumbers & { seed: number } {
  const of = (name: keyof SamplingNumbers) => opts[name] ?? samplingDefaults[name];
  const numbers = {
    temperature: of('temperature'),
    topK: of('topK'),
    topP: of('topP'),
    minP: of('minP'),
    repetitionPenalty: of('repetitionPenalty'),
    frequencyPenalty: of('frequencyPenalty'),
    presencePenalty: of('presencePenalty'),
    seed: opts.seed ?? 0,
  };
  const { temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty } = numbers;
  const whole = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  const within = (value: number, least: number, most: number) => value >= least && value <= most;
  const tops = opts.topLogprobs ?? 0;
  checkOption('temperature', temperature, within(temperature, 0, 100), '0 to 100');
  checkOption('topK', topK, whole(topK, 0, 2 ** 31), 'a whole number from 0');
  checkOption('topP', topP, topP > 0 && topP <= 1, 'more than 0, at most 1');
  checkOption('minP', minP, within(minP, 0, 1), '0 to 1');
  const repetitionFits = repetitionPenalty > 0 && repetitionPenalty <= 100;
  checkOption('repetitionPenalty', repetitionPenalty, repetitionFits, 'more than 0, at most 100');
  checkOption('frequencyPenalty', frequencyPenalty, within(frequencyPenalty, -2, 2), '-2 to 2');
  checkOption('presencePenalty', presencePenalty, within(presencePenalty, -2, 2), '-2 to 2');
  checkOption('topLogprobs', tops, whole(tops, 0, 20), 'a whole number from 0 to 20');
  checkOption('seed', numbers.seed, Number.isSafeInteger(numbers.seed), 'a whole number');
  for (const [id, bias] of opts.logitBias ?? []) {
    checkOption('logitBias of token', id, whole(id, 0, vocabularySize - 1), `0 to ${vocabularySize - 1}`);
    checkOption(`logitBias[${id}]`, bias, bias <= 100, 'a number up to 100');
  }
  return numbers;
}
