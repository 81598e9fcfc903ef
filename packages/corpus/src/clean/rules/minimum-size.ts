import type { Rule } from '../rule.ts';
import { boundedRule } from './bounded-rule.ts';
import { wordCount } from './quality/word-count.ts';
import { textStats } from './text-stats.ts';

/** Characters of the text, as JavaScript counts them. */
export function minimumCharacters(minimum: number): Rule {
  return boundedRule('too-short', { minimum }, ({ text }) => text.length);
}

/** Words left after everything that takes text away; `quality/words` counts before. */
export function minimumWords(minimum: number): Rule {
  return boundedRule('too-few-words', { minimum }, (document) => wordCount(textStats(document)));
}
