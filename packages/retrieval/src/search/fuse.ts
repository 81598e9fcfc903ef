import type { Scored } from './lexical.ts';

/** A passage with its score by words, by meaning and by both. */
export interface Fused extends Scored {
  lexical?: number;
  dense?: number;
}

/** What meaning weighs beside words, 0 to 1; chosen on ecole-fr's dev questions, in both spellings. */
export const DENSE_WEIGHT = 0.5;

/** Scores as shares of the way from the lowest to the best, so that BM25 and cosines can be added. */
function shares(scores: ReadonlyMap<number, number>, lowest: number): Map<number, number> {
  const best = Math.max(...scores.values());
  return new Map(
    [...scores].map(([id, score]) => [id, best > lowest ? (score - lowest) / (best - lowest) : 1]),
  );
}

/**
 * One list of two: what both ways find comes before what one finds. BM25 counts from 0; cosines of one embedder lie
 * close together and count from the least of those found. Ties go to the earlier passage.
 */
export function fuse(
  lexical: readonly Scored[],
  dense: readonly { id: number; cosine: number }[],
  limit: number,
  opts: { denseWeight?: number } = {},
): Fused[] {
  const weight = opts.denseWeight ?? DENSE_WEIGHT;
  const byWords = new Map(lexical.map(({ id, score }) => [id, score]));
  const byMeaning = new Map(dense.map(({ id, cosine }) => [id, cosine]));
  const words = shares(byWords, 0);
  const meaning = shares(byMeaning, Math.min(...byMeaning.values()));
  return [...new Set([...byWords.keys(), ...byMeaning.keys()])]
    .map((id): Fused => {
      const score = (1 - weight) * (words.get(id) ?? 0) + weight * (meaning.get(id) ?? 0);
      return {
        id,
        score,
        ...(byWords.has(id) ? { lexical: byWords.get(id)! } : {}),
        ...(byMeaning.has(id) ? { dense: byMeaning.get(id)! } : {}),
      };
    })
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, limit);
}
