import {
  type CourseQuestion,
  ndcgAt,
  type PairedComparison,
  pairedBootstrap,
  placeKey,
  recallAt,
  reciprocalRankAt,
} from '@lucie/evaluation';
import type { Progress } from '@lucie/ledger';
import type { SearchOptions } from '@lucie/retrieval';
import type { Collection } from './collection.ts';
import { SEED } from './seed.ts';
import { type Spelling, spelled, spellingsOf } from './spelling.ts';

export type Method = NonNullable<SearchOptions['method']>;

/** Places that a ranking is judged by. */
const DEPTH = 10;
/** Passages asked for: a long paragraph has several, and counts once. */
const PASSAGES = 40;

/** What one way of searching gives for one question. */
export interface QuestionScores {
  recall1: number;
  recall5: number;
  recall10: number;
  ndcg10: number;
  mrr10: number;
}

export interface SearchScores {
  method: Method;
  spelling: Spelling;
  /** In the order of the questions. */
  questions: QuestionScores[];
}

/**
 * Searches for every question that has evidence, by every method, in every spelling. A false premise has some: the
 * paragraph that denies it should be found like any other.
 */
export async function searchScores(
  collection: Collection,
  questions: readonly CourseQuestion[],
  opts: { methods: readonly Method[]; progress: Progress },
): Promise<SearchScores[]> {
  const asked = questions.filter(({ evidence }) => evidence.length > 0);
  const scores: SearchScores[] = [];
  for (const spelling of spellingsOf(asked))
    for (const method of opts.methods) {
      opts.progress.start(`search: ${method}, ${spelling} spelling`, asked.length, 'questions');
      const own: QuestionScores[] = [];
      for (const question of asked) {
        const ranked = await rankedPlaces(collection, spelled(question, spelling), method);
        const relevant = new Set(question.evidence.map(placeKey));
        own.push({
          recall1: recallAt(ranked, relevant, 1),
          recall5: recallAt(ranked, relevant, 5),
          recall10: recallAt(ranked, relevant, DEPTH),
          ndcg10: ndcgAt(ranked, relevant, DEPTH),
          mrr10: reciprocalRankAt(ranked, relevant, DEPTH),
        });
        opts.progress.update(own.length);
      }
      opts.progress.end();
      scores.push({ method, spelling, questions: own });
    }
  return scores;
}

/** The paragraphs that a search finds, the best first, each once. */
async function rankedPlaces(collection: Collection, question: string, method: Method): Promise<string[]> {
  const hits = await collection.room.search(question, { limit: PASSAGES, method });
  return [...new Set(hits.map((hit) => collection.placeOf(hit)))].slice(0, DEPTH);
}

/** One figure of two searches, question by question. */
export function compareSearches(
  ours: SearchScores,
  peer: SearchScores,
  opts: { figure: keyof QuestionScores; resamples: number },
): PairedComparison {
  const pairs = ours.questions.map((scores, i) => ({
    ours: scores[opts.figure],
    peer: peer.questions[i]![opts.figure],
  }));
  const meanOf = (side: 'ours' | 'peer') => (units: readonly { ours: number; peer: number }[]) =>
    units.reduce((sum, unit) => sum + unit[side], 0) / units.length;
  return pairedBootstrap(
    pairs,
    { ours: meanOf('ours'), peer: meanOf('peer') },
    { seed: SEED, resamples: opts.resamples },
  );
}

/** Mean over the questions. */
export function meanScore({ questions }: SearchScores, figure: keyof QuestionScores): number {
  return questions.reduce((sum, scores) => sum + scores[figure], 0) / questions.length;
}
