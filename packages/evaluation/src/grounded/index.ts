export { faultsOf, needsTwoPlaces, rewordedSentence } from './check-questions.ts';
export {
  type AbstentionPoint,
  abstentionCurve,
  atCoverage,
  type CitedOutcome,
  citationPrecision,
} from './citations.ts';
export { type PairedComparison, pairedBootstrap } from './paired-bootstrap.ts';
export {
  type CourseParagraph,
  type CourseQuestion,
  type CourseText,
  type Place,
  placeKey,
  proofs,
  type QuestionSet,
} from './question-set.ts';
export { ndcgAt, recallAt, reciprocalRankAt } from './ranking.ts';
export { type Ecole, ecoleFolder, ecoleKinds, readEcole } from './read-ecole.ts';
export { isSquad, readSquad } from './read-squad.ts';
export { type Outcome, type RefusalScores, refusalScores } from './refusals.ts';
