import type { Hit } from '../passage.ts';
import { pickRow } from './pick-row.ts';
import type { QuestionTerm } from './question-terms.ts';
import type { Scored } from './score-candidates.ts';

/** A sentence of another passage must bring this share of the question's weight that is new … (chosen on the development split) */
export const NEW_SHARE = 0.3;
/** … and score at least this share of the first one's score. */
export const NEAR_BEST = 0.85;
/** With a reader: a passage from whose probability on it is quoted beside a better one (chosen on the development split). */
export const ALSO_READS = 0.85;
/** A further sentence of the same passage covers at least this share of what its best one covers. */
const SAME_PASSAGE = 0.5;

/**
 * One to `max` sentences that answer together: the best; one of another passage that speaks of words of the question
 * which no sentence taken so far speaks of; then the next best ones of the best passage, which is proof already. A table
 * gives the row that a comparison asks for, or, where none can be told, its best rows.
 * @returns in the order of the documents
 */
export function selectSentences(
  scored: readonly Scored[],
  terms: readonly QuestionTerm[],
  opts: { max: number; question: string; lengthOf?: (hit: Hit) => number | undefined },
): Scored[] {
  const [best] = scored;
  if (!best) return [];
  const row = best.head && pickRow(scored, best, opts);
  const taken = [row ?? best];
  const covered = new Set(best.matched);
  const all = terms.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const gain = ({ inside }: Scored) =>
    terms.reduce((sum, term) => sum + (inside.has(term) && !covered.has(term) ? term.weight : 0), 0) / all;
  const others = scored.filter((one) => one.hit !== best.hit && standsBeside(one, best));
  while (taken.length < opts.max) {
    const next = others
      .filter((one) => !taken.includes(one) && (one.reads !== undefined || gain(one) >= NEW_SHARE))
      .sort((a, b) => gain(b) + b.score - gain(a) - a.score || scored.indexOf(a) - scored.indexOf(b))[0];
    if (!next) break;
    taken.push(next);
    for (const term of next.matched) covered.add(term);
  }
  for (const one of row ? [] : scored) {
    if (taken.length >= opts.max) break;
    if (one.hit === best.hit && !taken.includes(one) && one.covered >= SAME_PASSAGE * best.covered)
      taken.push(one);
  }
  return taken.sort(
    (a, b) =>
      a.hit.document - b.hit.document ||
      a.hit.page - b.hit.page ||
      a.hit.paragraph - b.hit.paragraph ||
      a.start - b.start,
  );
}

/** A sentence of another passage is near enough to the best one: as a reader says, or by the scores. */
function standsBeside(one: Scored, best: Scored): boolean {
  return one.reads === undefined ? one.score >= NEAR_BEST * best.score : one.reads >= ALSO_READS;
}
