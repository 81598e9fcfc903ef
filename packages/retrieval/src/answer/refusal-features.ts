import type { Hit } from '../passage.ts';
import { type ExpectedAnswer, offersAnswer } from './answer-type.ts';
import { termsOf } from './candidate.ts';
import { denials } from './negation.ts';
import { presence, type QuestionTerm } from './question-terms.ts';
import type { Scored } from './score-candidates.ts';

/** What the refusal looks at, in the order of its weights. Shares are of the question's weight by rarity. */
export const FEATURES = [
  'own',
  'covered',
  'passage',
  'absent',
  'exactMissing',
  'offers',
  'offersPassage',
  'focusMissing',
  'asksNumber',
  'asksCause',
  'asksPerson',
  'denies',
  'gap',
  'terms',
  'lexical',
  'dense',
  'denseGap',
] as const;
export type Feature = (typeof FEATURES)[number];
export type FeatureValues = Record<Feature, number>;

/** Features that only search with vectors gives. */
export const DENSE_FEATURES: ReadonlySet<Feature> = new Set(['dense', 'denseGap']);

/** The features of a question with what was found for it; undefined without any candidate. */
export function refusalFeatures(
  question: string,
  found: {
    hits: readonly Hit[];
    terms: readonly QuestionTerm[];
    expected: ExpectedAnswer;
    scored: readonly Scored[];
  },
): FeatureValues | undefined {
  const { hits, terms, expected, scored } = found;
  const [best] = scored;
  if (!best) return undefined;
  const all = terms.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const exact = terms.filter((term) => term.exact);
  const other = scored.find(({ hit }) => hit !== best.hit);
  const place = `${best.hit.title}\n${best.hit.headings.join('\n')}\n${best.hit.lead ?? ''}\n${best.hit.head ?? ''}\n${best.hit.text}`;
  const focus = expected.focus ? [...termsOf(expected.focus)] : [];
  const words = termsOf(place);
  const dense = hits.map((hit) => hit.dense ?? 0).sort((a, b) => b - a);
  return {
    own: best.own,
    covered: best.covered,
    passage: best.passage,
    absent: terms.reduce((sum, { weight, meant }) => sum + (meant.length === 0 ? weight : 0), 0) / all,
    exactMissing:
      exact.length === 0 ? 0 : exact.filter((term) => presence(term, words) === 0).length / exact.length,
    offers: best.offers,
    offersPassage: offersAnswer(expected, best.hit.text) ?? 0.5,
    focusMissing: focus.length === 0 ? 0 : focus.some((term) => words.has(term)) ? 0 : 1,
    asksNumber: expected.kind === 'number' ? 1 : 0,
    asksCause: expected.kind === 'cause' ? 1 : 0,
    asksPerson: expected.kind === 'person' ? 1 : 0,
    denies: denials(best.text) > 0 && denials(question) === 0 ? 1 : 0,
    gap: other ? (best.score - other.score) / best.score : 1,
    terms: Math.log1p(terms.length),
    lexical: Math.log1p(Math.max(0, ...hits.map((hit) => hit.lexical ?? 0))),
    dense: dense[0] ?? 0,
    denseGap: (dense[0] ?? 0) - (dense[4] ?? dense.at(-1) ?? 0),
  };
}
