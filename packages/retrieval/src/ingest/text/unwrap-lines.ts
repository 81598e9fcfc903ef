/** Lines longer than this were not wrapped by anybody: each is a paragraph. */
const WIDEST_WRAP = 120;
/** Lines shorter than this were not wrapped either: verses, addresses. */
const NARROWEST_WRAP = 40;

/**
 * The paragraphs of a run of lines. A line goes on in the next when the next one's first word had no more room on it; where
 * it had, the break was meant and stays. Text whose lines are longer than any page has a paragraph a line.
 * @param width - of the longest line of the whole text, in characters.
 */
export function unwrapLines(lines: readonly string[], width: number): string[] {
  if (width > WIDEST_WRAP) return lines.map((line) => line.trim());
  let text = '';
  let room = 0;
  for (const line of lines) {
    const words = line.trim();
    const firstWord = words.split(/\s/, 1)[0]!;
    const wrapped = width >= NARROWEST_WRAP && room < firstWord.length + 1;
    text += text === '' ? words : `${wrapped ? ' ' : '\n'}${words}`;
    room = width - line.trimEnd().length;
  }
  return [text];
}
