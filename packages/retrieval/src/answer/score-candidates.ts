import type { Hit } from '../passage.ts';
import type { Reading } from '../read/reader.ts';
import { type ExpectedAnswer, offersAnswer } from './answer-type.ts';
import type { Candidate } from './candidate.ts';
import { presence, type QuestionTerm } from './question-terms.ts';
import { logOdds } from './read-hits.ts';

export interface Scored extends Candidate {
  score: number;
  /** Share of the question's weight in the sentence itself, and with what it speaks of (0…1). */
  own: number;
  covered: number;
  /** Share of the question's weight in its passage, headings and title included. */
  passage: number;
  /** See `offersAnswer`; 0.5 where nothing can be told. */
  offers: number;
  /** The reader's probability that its passage answers, where there is a reader. */
  reads?: number;
  /** Terms of the question in the sentence itself, and in it or what it speaks of. */
  inside: ReadonlySet<QuestionTerm>;
  matched: ReadonlySet<QuestionTerm>;
}

/** Chosen on the development split of ecole-fr by paragraph precision; see the calibration's script. */
export const SCORE_WEIGHTS = { own: 0.5, covered: 0.5, offers: 0.3, found: 3, reads: 0.75 };

/**
 * Every candidate with its score for the question, the best first; equal ones in the order of search, then of the text.
 * With readings, those of passages that were read.
 */
export function scoreCandidates(
  candidates: readonly Candidate[],
  terms: readonly QuestionTerm[],
  asked: {
    question: string;
    expected: ExpectedAnswer;
    readings?: ReadonlyMap<Hit, Reading> | undefined;
    weights?: typeof SCORE_WEIGHTS;
  },
): Scored[] {
  const { question, expected, readings, weights = SCORE_WEIGHTS } = asked;
  const all = terms.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const best = Math.max(...candidates.map(({ hit }) => hit.score), Number.MIN_VALUE);
  const read = readings ? candidates.filter(({ hit }) => readings.has(hit)) : candidates;
  const scored = read.map((candidate) => {
    let own = 0;
    let covered = 0;
    let passage = 0;
    const inside = new Set<QuestionTerm>();
    const matched = new Set<QuestionTerm>();
    for (const term of terms) {
      const here = presence(term, candidate.terms);
      let around = 0;
      for (const { term: one, weight } of term.meant)
        around = Math.max(around, weight * (candidate.context.get(one) ?? 0));
      if (here > 0) inside.add(term);
      if (here > 0 || around > 0) matched.add(term);
      own += term.weight * here;
      covered += term.weight * Math.max(here, around);
      if (here > 0 || around > 0) passage += term.weight;
    }
    const told = offersAnswer(
      expected,
      candidate.head ? `${candidate.head.text}\n${candidate.text}` : candidate.text,
      question,
    );
    const offers = told ?? 0.5;
    const found = candidate.hit.score / best;
    const reads = readings?.get(candidate.hit)?.answers;
    const score =
      (weights.own * own + weights.covered * covered) / all +
      weights.offers * offers +
      weights.found * found +
      (reads === undefined ? 0 : weights.reads * logOdds(reads));
    return {
      ...candidate,
      score,
      own: own / all,
      covered: covered / all,
      passage: passage / all,
      offers,
      ...(reads === undefined ? {} : { reads }),
      inside,
      matched,
    };
  });
  return scored.sort((a, b) => b.score - a.score || a.rank - b.rank || a.start - b.start);
}
