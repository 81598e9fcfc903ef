import type { Hit } from '../passage.ts';
import type { Reading } from '../read/reader.ts';
import type { ExpectedAnswer } from './answer-type.ts';
import { termsOf } from './candidate.ts';
import { denials } from './negation.ts';
import { presence, type QuestionTerm } from './question-terms.ts';
import { logOdds } from './read-hits.ts';
import type { Scored } from './score-candidates.ts';

/**
 * What speaks for an answer (1) or against it (-1), in the order of the weights. A weight never gets the other sign: in
 * ecole-fr, where no answerable question repeats its sentence, fitting alone would refuse a question *because* the
 * documents have its words, and that is wrong everywhere else.
 */
export const FEATURES = {
  /** Share of the question's weight in the best sentence and what it speaks of. */
  covered: 1,
  /** The same of the whole passage. */
  passage: 1,
  /** Weight of words that no document has. */
  absent: -1,
  /** Share of the question's names and numbers that are not in the passage. */
  exactMissing: -1,
  /** A question for a number, day or hour: how well the best sentence offers one, against ½. */
  offersValue: 1,
  /** The same for all that can be told from a question, of the sentences that cover nearly as much as the best. */
  offersNear: 1,
  /** The best sentence denies what the question takes for granted. */
  denies: -1,
  /** How far the best passage is before the next. */
  gap: 1,
  /** Cosine of question and best passage. */
  dense: 1,
  /** How far the nearest passage in meaning is before the fifth. */
  denseGap: 1,
  /** Log odds of the reader that the passage answers which it holds most likely to. */
  reads: 1,
  /** Log odds of the reader that the passage contradicts the question which it holds most likely to. */
  contradicts: -1,
} as const;
export type Feature = keyof typeof FEATURES;
export type FeatureValues = Record<Feature, number>;

/** Features that only search with vectors gives. */
export const DENSE_FEATURES: readonly Feature[] = ['dense', 'denseGap'];

/** Features that only a reader gives. */
export const READER_FEATURES: readonly Feature[] = ['reads', 'contradicts'];

/** Sentences that are looked at for what is asked for. */
const NEAR = 8;

/** The features of a question with what was found for it; undefined without any candidate. */
export function refusalFeatures(
  question: string,
  found: {
    hits: readonly Hit[];
    terms: readonly QuestionTerm[];
    expected: ExpectedAnswer;
    scored: readonly Scored[];
    readings?: ReadonlyMap<Hit, Reading>;
  },
): FeatureValues | undefined {
  const { hits, terms, expected, scored } = found;
  const readings = [...(found.readings?.values() ?? [])];
  const [best] = scored;
  if (!best) return undefined;
  const all = terms.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const exact = terms.filter((term) => term.exact);
  const { hit } = best;
  const words = termsOf([hit.title, ...hit.headings, hit.lead, hit.head, hit.text].join('\n'));
  const missing = exact.filter((term) => presence(term, words) === 0).length;
  const other = scored.find((one) => one.hit !== hit);
  const value = ['number', 'date', 'time'].includes(expected.kind);
  const most = Math.max(...scored.map(({ covered }) => covered)) || 1;
  const dense = hits.map((one) => one.dense ?? 0).sort((a, b) => b - a);
  return {
    covered: best.covered,
    passage: best.passage,
    absent: terms.reduce((sum, { weight, meant }) => sum + (meant.length === 0 ? weight : 0), 0) / all,
    exactMissing: exact.length === 0 ? 0 : missing / exact.length,
    offersValue: value ? best.offers - 0.5 : 0,
    offersNear: Math.max(...scored.slice(0, NEAR).map(({ covered, offers }) => (covered / most) * offers)),
    denies: denials(best.text) > 0 && denials(question) === 0 ? 1 : 0,
    gap: other ? (best.score - other.score) / best.score : 1,
    dense: hit.dense ?? 0,
    denseGap: (dense[0] ?? 0) - (dense[4] ?? dense.at(-1) ?? 0),
    reads: readings.length === 0 ? 0 : logOdds(Math.max(...readings.map(({ answers }) => answers))),
    contradicts: readings.length === 0 ? 0 : logOdds(Math.max(...readings.map((one) => one.contradicts))),
  };
}
