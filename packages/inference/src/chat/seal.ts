import type { Vocabulary } from '../native/vocabulary.ts';

// Noncharacters: Unicode keeps U+FDD0 to U+FDEF for a program's own use. Messages that hold them lose them.
export const OPEN = '\ufdd0';
export const CLOSE = '\ufdd1';

/** White space stays outside the seal, so that a template that trims still finds it. */
export function seal(content: string): string {
  const core = content.trim();
  if (core === '') return content;
  const start = content.indexOf(core);
  return `${content.slice(0, start)}${OPEN}${core}${CLOSE}${content.slice(start + core.length)}`;
}

/** The text without anything that looks like a seal. */
export function unmarked(text: string): string {
  return text.replaceAll(OPEN, '').replaceAll(CLOSE, '');
}

/**
 * Texts that mean a token of the conversation's structure: control tokens, and those of the tokens that were added to
 * the vocabulary as text (`<｜User｜>` in DeepSeek's files) which the template writes. Longest first.
 */
export function marksIn(template: string, vocabulary: Vocabulary): string[] {
  const added = [...vocabulary.added.values()].filter(
    (text) => text.trim() !== '' && template.includes(text),
  );
  return [...vocabulary.controls.values(), ...added]
    .filter((text) => text !== '')
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** Tokens of a text that somebody has written: an added token's text is read in two parts, so that it stays text. */
export function plainTokens(text: string, marks: readonly string[], vocabulary: Vocabulary): number[] {
  const cuts = new Set<number>();
  const added = new Set(vocabulary.added.values());
  for (const mark of marks.filter((text) => added.has(text))) {
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
      cuts.add(at + String.fromCodePoint(mark.codePointAt(0)!).length);
    }
  }
  const ends = [...cuts].filter((end) => end < text.length).sort((a, b) => a - b);
  const starts = [0, ...ends];
  return starts.flatMap((start, i) => [...vocabulary.tokenize(text.slice(start, starts[i + 1]))]);
}
