import { analyse } from './analyse.ts';
import { writeOutPhone } from './phone-spelling.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A word of a question that has a matter, and what of a room's words it stands for. */
export interface QuestionWord {
  /** As it was asked, folded. */
  word: string;
  /** Its own stem or number, whether or not the room has it. */
  term: string;
  /**
   * Terms of the room that it may mean, the likeliest first; weight 1: the word itself, in any inflection or accents;
   * below: a correction. None: no document has anything like it.
   */
  meant: { term: string; weight: number; form: string }[];
  /** How rare what it means is in the room: BM25's idf, at least 0; the largest for what no document has. */
  rarity: number;
}

/** More words than this are a text and no question; the rarest are kept. */
const MOST_WORDS = 64;

/**
 * What of a room's words a question asks for: phone spellings written out, the room's accents restored, typing and
 * hearing errors corrected by the room's own vocabulary.
 * @param passages - of the room
 */
export function understandQuestion(
  question: string,
  vocabulary: Vocabulary,
  passages: number,
): QuestionWord[] {
  const words = new Map<string, QuestionWord>();
  for (const { form, term } of analyse(writeOutPhone(question.slice(0, 10_000)))) {
    if (words.has(form)) continue;
    const exact = new Set(vocabulary.terms(form));
    if (vocabulary.count(term) > 0) exact.add(term);
    const meant =
      exact.size > 0
        ? [...exact].map((one) => ({ term: one, weight: 1, form }))
        : vocabulary.corrections(form).map((one) => ({ ...one }));
    const count = Math.max(0, ...meant.map((one) => vocabulary.count(one.term)));
    words.set(form, { word: form, term, meant, rarity: rarity(count, passages) });
  }
  const all = [...words.values()];
  if (all.length <= MOST_WORDS) return all;
  const limit = all.map((word) => word.rarity).sort((a, b) => b - a)[MOST_WORDS - 1]!;
  return all.filter((word) => word.rarity >= limit).slice(0, MOST_WORDS);
}

/** ln(1 + (N - n + ½) / (n + ½)): Robertson and Sparck Jones, kept above 0. */
export function rarity(count: number, passages: number): number {
  return Math.log(1 + Math.max(0, passages - count + 0.5) / (count + 0.5));
}
