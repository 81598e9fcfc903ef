import type { Embedder } from '../embedder.ts';

/** Questions kept: 1,000 vectors of 384 numbers are 1.5 MB. */
const MOST = 1000;

/** The same embedder, which keeps the vectors of the last questions: a class asks the same thing thirty times. */
export function rememberQuestions(embedder: Embedder, most = MOST): Embedder {
  // A Map keeps the order of insertion, so that its first key is the one used longest ago.
  const kept = new Map<string, Float32Array>();
  const keep = (text: string, vector: Float32Array) => {
    kept.delete(text);
    kept.set(text, vector);
    if (kept.size > most) kept.delete(kept.keys().next().value!);
  };
  return {
    name: embedder.name,
    dimension: embedder.dimension,
    ...(embedder.longest !== undefined && { longest: embedder.longest }),
    ...(embedder.spread !== undefined && { spread: embedder.spread }),
    ...(embedder.tokens && { tokens: (text: string) => embedder.tokens!(text) }),
    async embedQuestion(text, signal) {
      signal?.throwIfAborted();
      const vector = kept.get(text) ?? (await embedder.embedQuestion(text, signal));
      keep(text, vector);
      return vector.slice();
    },
    embedPassages: (texts, signal) => embedder.embedPassages(texts, signal),
  };
}
