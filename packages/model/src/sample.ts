import { Random } from '@lucie/ledger';
import { noGrad, ops, scope, Tensor } from '@lucie/torch';
import type { Llama } from './llama.ts';

export interface SampleOptions {
  /** Most ids to add. */
  maxTokens: number;
  /** Ids that end the text; the one that did is not part of the result. */
  stopIds: readonly number[];
  /** 0 takes the likeliest id each time (the default); 1 draws from the model's own distribution. */
  temperature?: number;
  /** For temperatures above 0. */
  seed?: number;
}

/** A continuation: new ids, and whether a stop id ended it. */
export interface Sampled {
  ids: number[];
  stopped: boolean;
}

/**
 * Continues a text, id by id. Recomputes the whole text for each id, which is fine for small models and for checking
 * the inference engine; answering users is `@lucie/inference`'s task. Ends at the model's longest context.
 */
export function sample(model: Llama, prompt: ArrayLike<number>, opts: SampleOptions): Sampled {
  const { temperature = 0, seed = 0, maxTokens, stopIds } = opts;
  const random = new Random(seed, 'sample');
  const text = Array.from(prompt);
  const end = Math.min(text.length + maxTokens, model.config.max_position_embeddings);
  while (text.length < end) {
    const scores = nextScores(model, text);
    const id = temperature > 0 ? draw(scores, temperature, random.float()) : argmax(scores);
    if (stopIds.includes(id)) return { ids: text.slice(prompt.length), stopped: true };
    text.push(id);
  }
  return { ids: text.slice(prompt.length), stopped: false };
}

/** Scores of the token after the last one. */
function nextScores(model: Llama, text: number[]): Float32Array {
  return noGrad(() =>
    scope(() => {
      const logits = model.logits(Tensor.from(BigInt64Array.from(text, BigInt), [1, text.length]));
      return ops.to(ops.select(logits, 1, -1), 'float32').toFloat32Array();
    }),
  );
}

/** The first of the largest. */
function argmax(scores: Float32Array): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i;
  return best;
}

/** Draws by the softmax of scores / temperature; `uniform` is in [0, 1). */
function draw(scores: Float32Array, temperature: number, uniform: number): number {
  const top = scores[argmax(scores)]!;
  const weights = Float64Array.from(scores, (score) => Math.exp((score - top) / temperature));
  let left = uniform * weights.reduce((a, b) => a + b, 0);
  for (let i = 0; i < weights.length; i++) if ((left -= weights[i]!) < 0) return i;
  return argmax(scores);
}
