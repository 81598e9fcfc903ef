import type { Hit } from '../passage.ts';
import { analyse } from '../words/analyse.ts';
import { type QuestionWord, understandQuestion } from '../words/understand-question.ts';
import { Vocabulary, type VocabularyEntry } from '../words/vocabulary.ts';

/** A word of the question that has a matter, and what it weighs. */
export interface QuestionTerm {
  /** As it is written, folded. */
  form: string;
  /** What of the room's words it may mean; a correction counts less. None: no document has it. */
  meant: readonly { term: string; weight: number }[];
  /** Its rarity in the room, halved for a word of an earlier question. */
  weight: number;
  /** Of this question, not of one before it. */
  own: boolean;
  /** A name or a number: an answer about another one is none. */
  exact: boolean;
}

/** Words of an earlier question help to understand; they weigh half. */
const BEFORE = 0.5;

/** The question's terms, each once, then those of the questions before it. */
export function questionTerms(
  question: string,
  before: readonly string[],
  understand: (question: string) => readonly QuestionWord[],
): QuestionTerm[] {
  const terms = new Map<string, QuestionTerm>();
  for (const [i, text] of [question, ...before].entries()) {
    for (const { word, meant, rarity } of understand(text)) {
      if (terms.has(word)) continue;
      const exact = isExact(text, word);
      terms.set(word, { form: word, meant, weight: rarity * (i === 0 ? 1 : BEFORE), own: i === 0, exact });
    }
  }
  return [...terms.values()];
}

/** Understands questions by the words of the hits alone, for a room that offers no more than search. */
export function understandByHits(hits: readonly Hit[]): (question: string) => QuestionWord[] {
  const entries = new Map<string, VocabularyEntry>();
  for (const hit of hits) {
    const seen = new Set<string>();
    for (const { form, term } of analyse([hit.title, ...hit.headings, hit.text].join('\n'))) {
      const key = `${form} ${term}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const entry = entries.get(key);
      if (entry) entry.count++;
      else entries.set(key, { form, term, count: 1 });
    }
  }
  const vocabulary = new Vocabulary(entries.values());
  return (question) => understandQuestion(question, vocabulary, hits.length);
}

/** Written with a capital inside the sentence, or with a digit. */
function isExact(text: string, form: string): boolean {
  if (/\d/.test(form)) return true;
  return analyse(text).some(
    (word) =>
      word.form === form &&
      /\p{Lu}/u.test(text[word.start]!) &&
      /[\p{L}\p{N}’',-]\s*$/u.test(text.slice(0, word.start)),
  );
}

/** How far a question's term is among some words: 1 there, below 1 by a correction, 0 not. */
export function presence(term: QuestionTerm, words: { has(term: string): boolean }): number {
  let most = 0;
  for (const meant of term.meant) if (meant.weight > most && words.has(meant.term)) most = meant.weight;
  return most;
}
