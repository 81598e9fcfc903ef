import { Random, sha256 } from '@lucie/ledger';
import type { Embedder } from '@lucie/retrieval';

/**
 * Unit vectors drawn by the hash of a text, for measuring how long a search takes besides the embedding: they cost
 * nothing and mean nothing. Equal texts have equal vectors.
 */
export function drawnVectors(dimension = 384): Embedder {
  const draw = (text: string) => {
    const random = new Random(BigInt(`0x${sha256(text).slice(0, 16)}`), 'vector');
    const vector = Float32Array.from({ length: dimension }, () => random.normal());
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  };
  // A question is asked many times while the clock runs.
  const known = new Map<string, Float32Array>();
  return {
    name: `drawn-${dimension}`,
    dimension,
    async embedQuestion(text) {
      const vector = known.get(text) ?? draw(text);
      known.set(text, vector);
      return vector;
    },
    embedPassages: async (texts) => texts.map(draw),
  };
}
