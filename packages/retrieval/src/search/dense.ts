import type { Embedder } from '../embedder.ts';
import type { Near, Vectors } from '../room/vectors.ts';

/**
 * Passages whose meaning is nearest to the question's, the nearest first. Passages without a vector are not found, and
 * none at all when the room's vectors are another embedder's.
 * @throws what the embedder throws; the signal's reason
 */
export async function searchDense(
  vectors: Vectors,
  embedder: Embedder,
  question: string,
  { limit, signal }: { limit: number; signal?: AbortSignal | undefined },
): Promise<Near[]> {
  if (vectors.embedder !== embedder.name || question.trim() === '') return [];
  const vector = await embedder.embedQuestion(question, signal);
  return vectors.nearest(embedder, vector, limit);
}
