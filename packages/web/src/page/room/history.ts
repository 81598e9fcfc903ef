import type { AnswerSentence } from '@lucie/retrieval';
import type { RoomAnswer, Turn } from './room-api.ts';
import type { ErrorName } from './room-texts.ts';

/** One question and what came of it. */
export interface Exchange {
  id: number;
  question: string;
  state: 'searching' | 'done' | 'stopped' | 'failed';
  /** As they come; at the end those of the whole answer. */
  sentences: AnswerSentence[];
  answer?: RoomAnswer;
  error?: ErrorName;
}

/** Most turns that the server takes as what was said before. */
const MOST_TURNS = 50;

/** What was said, for the next question: only exchanges that ended. */
export function historyOf(exchanges: readonly Exchange[]): Turn[] {
  return exchanges
    .flatMap<Turn>(({ question, answer }) =>
      answer
        ? [
            { role: 'user', text: question },
            { role: 'assistant', text: answer.text },
          ]
        : [],
    )
    .slice(-MOST_TURNS);
}
