import { type CourseQuestion, refusalScores } from '@lucie/evaluation';
import type { GroundedAnswer, Room } from '@lucie/retrieval';
import type { Answerer } from './answer-outcomes.ts';

/** Of the questions with an answer, those that must get one. */
const COVERAGE = 0.7;

type Searchable = Pick<Room, 'search'>;

/**
 * The peer: what anybody builds in an hour. The first passage of plain BM25 is quoted whole; a question whose best
 * score is below the threshold is refused.
 */
export function firstPassage(room: Searchable, threshold: number): Answerer {
  return async (question): Promise<GroundedAnswer> => {
    const hits = await room.search(question, { limit: 3, method: 'bm25' });
    const [first] = hits;
    if (!first || first.score < threshold)
      return {
        kind: 'refusal',
        reason: 'silent',
        lookedFor: question.split(/\s+/),
        nearest: hits,
        confidence: 0,
      };
    const { document, title, page, paragraph, start, end, text } = first;
    const citation = { document, title, page, paragraph, start, end, quote: text };
    return {
      kind: 'answer',
      method: 'extractive',
      sentences: [{ text, citations: [citation] }],
      confidence: first.score,
    };
  };
}

/**
 * The threshold with the best F1 of refusals on a development split among those that leave seven answerable questions of
 * ten an answer, as is demanded of ours; without such a split one that never refuses. Each score that occurs is tried;
 * of equal ones the lowest is taken.
 */
export async function bestThreshold(room: Searchable, dev: readonly CourseQuestion[]): Promise<number> {
  const scores: { answerable: boolean; score: number }[] = [];
  for (const { question, answerable } of dev) {
    const [first] = await room.search(question, { limit: 1, method: 'bm25' });
    scores.push({ answerable, score: first?.score ?? Number.NEGATIVE_INFINITY });
  }
  let best = { threshold: Number.NEGATIVE_INFINITY, f1: 0 };
  for (const threshold of [...new Set(scores.map(({ score }) => score))].sort((a, b) => a - b)) {
    const outcomes = scores.map(({ answerable, score }) => ({ answerable, refused: score < threshold }));
    const { f1, coverage } = refusalScores(outcomes);
    if ((coverage ?? 0) >= COVERAGE && (f1 ?? 0) > best.f1) best = { threshold, f1: f1 ?? 0 };
  }
  return best.threshold;
}
