import { analyse } from './analyse.ts';
import { writeOutPhone } from './phone-spelling.ts';
import type { QuestionWord } from './understand-question.ts';

/** A correction that is less sure than this may be another word: the pupil's own is left. */
const SURE = 0.6;

/**
 * A question as somebody would read it who knows the room: phone spellings written out, and words that no document has
 * replaced by what they most likely stand for (without accents, as the room's words are known).
 * @param words - as the room understands the question
 */
export function respell(question: string, words: readonly QuestionWord[]): string {
  const meant = new Map(words.map((word) => [word.word, word.meant[0]]));
  const written = writeOutPhone(question);
  let out = '';
  let from = 0;
  for (const { form, start, end } of analyse(written)) {
    const best = meant.get(form);
    if (!best || best.weight === 1 || best.weight < SURE || start < from) continue;
    out += written.slice(from, start) + best.form;
    from = end;
  }
  return out + written.slice(from);
}
