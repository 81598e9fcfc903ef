/** Ends a sentence that may be the last of an answer. */
const ENDS = /[.!?…](?:[»"”)]|\s*»)*$/u;

/**
 * The beginning of a sheet as an answer: whole sentences, as many as `fits` accepts, headings before the first one left
 * out. Empty when not one fits.
 * @param fits - whether a text is short enough
 */
export function firstSentences(text: string, fits: (answer: string) => boolean): string {
  let answer = '';
  let best = '';
  for (const line of text.split('\n').map((part) => part.trim())) {
    if (line === '') continue;
    const sentences = line.split(/(?<=[.!?…](?:[»"”)]|\s*»)?)\s+(?=[\p{Lu}«"(])/u);
    // A heading, which has no full stop, or the item of a list cannot begin an answer.
    if (answer === '' && (!ENDS.test(sentences[0]!) || /^[-–•*]/.test(line))) continue;
    let joint = answer === '' ? '' : '\n';
    for (const sentence of sentences) {
      answer += joint + sentence;
      joint = ' ';
      if (!fits(answer)) return best;
      if (ENDS.test(sentence)) best = answer;
    }
  }
  return best;
}
