import type { Passage } from '../passage.ts';
import { analyse } from '../words/analyse.ts';
import { plainWords } from '../words/plain-words.ts';

/** What of a passage is searched: its own words, and those of what stands above it, which count less. */
export interface IndexedText {
  words: { body: string; context: string };
  plain: { body: string; context: string };
  /** Forms and their terms, each once a passage: keys are `form term`. */
  vocabulary: Set<string>;
}

/** The columns of a passage in both indexes. */
export function indexedText(
  passage: Pick<Passage, 'title' | 'headings' | 'head' | 'lead' | 'text'>,
): IndexedText {
  // A row of a long table is found by its column's name like one of a short table.
  const body = passage.head ? `${passage.head}\n${passage.text}` : passage.text;
  const context = [passage.title, ...passage.headings, passage.lead ?? ''].join('\n');
  const bodyWords = analyse(body);
  const contextWords = analyse(context);
  const terms = (words: typeof bodyWords): string => words.map(({ term }) => term).join(' ');
  return {
    words: { body: terms(bodyWords), context: terms(contextWords) },
    plain: { body: plainWords(body).join(' '), context: plainWords(context).join(' ') },
    vocabulary: new Set([...bodyWords, ...contextWords].map(({ form, term }) => `${form}\t${term}`)),
  };
}
