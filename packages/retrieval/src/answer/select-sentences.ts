import { pickRow } from './pick-row.ts';
import type { QuestionTerm } from './question-terms.ts';
import type { Scored } from './score-candidates.ts';

/** Chosen on the development split: a second or third sentence must bring this share of the question's weight that is new … */
export const NEW_SHARE = 0.2;
/** … and score at least this share of the first one's score. */
export const NEAR_BEST = 0.72;

/**
 * One to `max` sentences that answer together: the best, then those that speak of words of the question that no sentence
 * taken so far speaks of. A table gives the row that a comparison asks for.
 * @returns in the order of the documents
 */
export function selectSentences(
  scored: readonly Scored[],
  terms: readonly QuestionTerm[],
  opts: { max: number; question: string },
): Scored[] {
  const [best] = scored;
  if (!best) return [];
  const taken = [best.head ? (pickRow(scored, best, opts.question) ?? best) : best];
  const covered = new Set(best.matched);
  const all = terms.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const gain = ({ inside }: Scored) =>
    terms.reduce((sum, term) => sum + (inside.has(term) && !covered.has(term) ? term.weight : 0), 0) / all;
  while (taken.length < opts.max) {
    const next = scored
      .filter((one) => !taken.includes(one) && one.score >= NEAR_BEST * best.score && gain(one) >= NEW_SHARE)
      .sort((a, b) => gain(b) + b.score - gain(a) - a.score || scored.indexOf(a) - scored.indexOf(b))[0];
    if (!next) break;
    taken.push(next);
    for (const term of next.matched) covered.add(term);
  }
  return taken.sort(
    (a, b) =>
      a.hit.document - b.hit.document ||
      a.hit.page - b.hit.page ||
      a.hit.paragraph - b.hit.paragraph ||
      a.start - b.start,
  );
}
