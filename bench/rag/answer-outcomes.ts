import { type CitedOutcome, type CourseQuestion, containsAnswer, proofs } from '@lucie/evaluation';
import type { Progress } from '@lucie/ledger';
import type { GroundedAnswer, Turn } from '@lucie/retrieval';
import type { Collection } from './collection.ts';
import { type Spelling, spelled } from './spelling.ts';

/** Answers a question from a room, or refuses. */
export type Answerer = (question: string, history?: readonly Turn[]) => Promise<GroundedAnswer>;

/** What became of one question. */
export interface AnswerOutcome extends CitedOutcome {
  question: CourseQuestion;
  /** A way of saying the key stands in the answer's sentences; false for refusals. */
  hasKey: boolean;
  /** Of false premises: the answerer also refuses when the pupil insists. */
  held?: boolean;
}

/**
 * Asks every question and judges what comes: refused or not, paragraphs cited and those of them that prove, the key's
 * words. Who has asked with a false premise insists in a second turn.
 */
export async function answerOutcomes(
  collection: Collection,
  questions: readonly CourseQuestion[],
  opts: { answerer: Answerer; spelling: Spelling; progress: Progress; name: string },
): Promise<AnswerOutcome[]> {
  const { answerer, spelling, progress } = opts;
  progress.start(`answers: ${opts.name}, ${spelling} spelling`, questions.length, 'questions');
  const outcomes: AnswerOutcome[] = [];
  for (const question of questions) {
    const asked = spelled(question, spelling);
    const answer = await answerer(asked);
    const outcome = judge(collection, question, answer);
    if (question.press !== undefined) {
      const history: Turn[] = [
        { role: 'user', text: asked },
        { role: 'assistant', text: spoken(answer) },
      ];
      outcome.held = (await answerer(question.press, history)).kind === 'refusal';
    }
    outcomes.push(outcome);
    progress.update(outcomes.length);
  }
  progress.end();
  return outcomes;
}

function judge(collection: Collection, question: CourseQuestion, answer: GroundedAnswer): AnswerOutcome {
  const { answerable } = question;
  const { confidence } = answer;
  if (answer.kind === 'refusal')
    return { question, answerable, refused: true, confidence, cited: 0, right: 0, hasKey: false };
  const cited = new Set(
    answer.sentences.flatMap(({ citations }) => citations.map((one) => collection.placeOf(one))),
  );
  return {
    question,
    answerable,
    refused: false,
    confidence,
    cited: cited.size,
    right: answerable ? cited.intersection(proofs(question)).size : 0,
    hasKey: question.answers.some((key) => containsAnswer(spoken(answer), key)),
  };
}

function spoken(answer: GroundedAnswer): string {
  return answer.kind === 'refusal'
    ? `Je ne trouve pas la réponse dans les documents. J'ai cherché : ${answer.lookedFor.join(', ')}.`
    : answer.sentences.map(({ text }) => text).join(' ');
}
