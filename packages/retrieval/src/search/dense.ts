import type { Embedder } from '../embedder.ts';
import type { Near, Vectors } from '../room/vectors.ts';
import { writeOutPhone } from '../words/phone-spelling.ts';

/** More is a text and no question. */
const MOST_CHARACTERS = 2000;

/**
 * Passages whose meaning is nearest to the question's, the nearest first. Phone spellings are written out before: models
 * know the words, not `koi` (on ecole-fr's dev questions nDCG@10 rises from 0.57 to 0.60 in pupils' spelling); corrections
 * by the room's words helped no further. Passages without a vector are not found, and none at all when the room's vectors
 * are another embedder's.
 * @throws what the embedder throws; the signal's reason
 */
export async function searchDense(
  vectors: Vectors,
  embedder: Embedder,
  question: string,
  { limit, signal }: { limit: number; signal?: AbortSignal | undefined },
): Promise<Near[]> {
  const asked = writeOutPhone(question.slice(0, MOST_CHARACTERS).toWellFormed()).trim();
  if (vectors.embedder !== embedder.name || asked === '') return [];
  const vector = await embedder.embedQuestion(asked, signal);
  return vectors.nearest(embedder, vector, limit);
}
