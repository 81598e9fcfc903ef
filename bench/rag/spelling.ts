import type { CourseQuestion } from '@lucie/evaluation';

/** As a teacher writes it, and as a pupil types it. */
export type Spelling = 'clean' | 'pupil';

/** The spellings that all questions have: other people's data have one. */
export function spellingsOf(questions: readonly CourseQuestion[]): Spelling[] {
  return questions.length > 0 && questions.every(({ pupil }) => pupil !== undefined)
    ? ['clean', 'pupil']
    : ['clean'];
}

export function spelled(question: CourseQuestion, spelling: Spelling): string {
  return spelling === 'pupil' ? (question.pupil ?? question.question) : question.question;
}
