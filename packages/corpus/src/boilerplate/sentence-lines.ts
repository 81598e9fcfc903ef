import { hash53, normalisedWords } from '../clean/words.ts';
import type { Document } from '../document.ts';

/**
 * A paragraph that ends like a sentence. Without a list item, a table row or the words that announce a list, what is
 * left would not make sense.
 */
const SENTENCE = /^[\p{L}\p{N}«"(][^|]*[.!?»)]$/u;

/** Hash of the words of a line that may be boilerplate; undefined for all other lines. */
function lineHash(line: string, minimumCharacters: number): number | undefined {
  return line.length >= minimumCharacters && SENTENCE.test(line) ? hash53(normalisedWords(line)) : undefined;
}

/**
 * Hashes of the lines of a document that may be boilerplate, each once, in the order of the text. Code has none: a
 * program does not run without the lines that it shares with others.
 */
export function lineHashes(
  document: Pick<Document, 'text' | 'language'>,
  minimumCharacters: number,
): Set<number> {
  const hashes = new Set<number>();
  if (document.language.startsWith('code')) return hashes;
  for (const line of document.text.split('\n')) {
    const hash = lineHash(line, minimumCharacters);
    if (hash !== undefined) hashes.add(hash);
  }
  return hashes;
}

/** The text without the lines of these hashes; the same string when it has none of them. */
export function stripLines(text: string, hashes: ReadonlySet<number>, minimumCharacters: number): string {
  if (hashes.size === 0) return text;
  const lines = text.split('\n');
  const kept = lines.filter((line) => {
    const hash = lineHash(line, minimumCharacters);
    return hash === undefined || !hashes.has(hash);
  });
  if (kept.length === lines.length) return text;
  return kept
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
