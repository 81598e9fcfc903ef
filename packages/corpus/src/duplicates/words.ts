/** Scripts written without spaces between words: each of their characters is a word of its own. */
const unspaced =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const unspacedCharacter = new RegExp(`[${unspaced}]`, 'gu');

/**
 * Text reduced to what makes two documents the same: lower-case letters, marks and digits, one space between words.
 * Punctuation, spacing, typography of apostrophes do not count. This is the definition; `scanText` is its fast twin.
 */
export function normalisedWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(unspacedCharacter, ' $& ')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * The same for source code: case counts, and every sign other than white space is a word of its own, so that
 * `a + b` and `a - b` differ.
 */
export function codeWords(text: string): string {
  return text
    .replace(/[^\p{L}\p{M}\p{N}\p{Cs}_\s]/gu, ' $& ')
    .replace(/\s+/g, ' ')
    .trim();
}
